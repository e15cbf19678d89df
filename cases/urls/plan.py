from django.urls import path

from cases.views import plan, tasks, visits

urlpatterns = [
    path("cases/<uuid:case_id>/plan/", plan.plan, name="plan"),
    path("cases/<uuid:case_id>/plan/goals/new/", plan.goal_new, name="goal_new"),
    path("cases/<uuid:case_id>/plan/goals/<uuid:goal_id>/end/", plan.goal_end, name="goal_end"),
    path("cases/<uuid:case_id>/plan/tasks/new/", tasks.task_new, name="task_new"),
    path("cases/<uuid:case_id>/plan/tasks/<uuid:task_id>/done/", tasks.task_done, name="task_done"),
    path("cases/<uuid:case_id>/plan/tasks/<uuid:task_id>/drop/", tasks.task_drop, name="task_drop"),
    path("cases/<uuid:case_id>/plan/visits/new/", visits.visit_new, name="visit_new"),
    path("cases/<uuid:case_id>/plan/visits/<uuid:visit_id>/done/", visits.visit_done, name="visit_done"),
    path(
        "cases/<uuid:case_id>/plan/visits/<uuid:visit_id>/cancel/", visits.visit_cancel, name="visit_cancel"
    ),
    path("cases/<uuid:case_id>/plan/views/new/", plan.view_new, name="view_new"),
    path("cases/<uuid:case_id>/plan/review/", plan.plan_review, name="plan_review"),
    path("cases/<uuid:case_id>/plan/agreements/new/", plan.agreement_new, name="agreement_new"),
]
