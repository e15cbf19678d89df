import time
from cases.demo.people import make_people
from repatriation.demo import stories
from repatriation.models import Return

def test_x(db, settings):
    settings.DEMO = True
    people = make_people()
    rows = stories.ROWS
    begun = time.perf_counter(); cpu0 = time.process_time()
    orig = stories.begin
    marks = []
    def b(*a):
        marks.append((a[0].number, time.perf_counter(), time.process_time()))
        return orig(*a)
    stories.begin = b
    try:
        stories.tell_returns(people)
    finally:
        stories.begin = orig
        marks.append((0, time.perf_counter(), time.process_time()))
        for (n, t, c), (_n, t2, c2) in zip(marks, marks[1:]):
            print("ROW", n, round(t2 - t, 2), round(c2 - c, 2))
        for r in Return.objects.order_by("opened_at"):
            print(r.state, r.blocked_by)
        print("TOTAL", time.perf_counter() - begun, time.process_time() - cpu0)
