"""What letters of one script become in another, and what that costs.

Each line: letters, then what they may stand for, each with its cost: 0 is the rule, 10 is rare; `-` is nothing. The
costs were set after looking at one half of the public pairs of names that docs/trials/search-names.md names; the
other half was only scored. Arabic is set by hand, after the usual romanisations.
"""

Table = dict[str, dict[str, int]]

# A mistake that no table knows: a letter too many on one side, or one for another.
LEFT_OUT, ANOTHER = 8, 11
# The line of Latin endings that another script leaves out: nobody speaks them, or they are another language's.
SILENT = "$"

CYRILLIC = """
$ us4 os4 es3 is5 as5 e1 t3 s3 x3 d4 z4 h2 p5
- h3 e4 s6 t5 u5 j5 i6 o6 d6 y6 w6 a7 r7 k7 g7 c7 z7 n8 l8 m8 p8 f8 b9 v9
а a0 -6 ah6 u7 e8
аи ei1 y4 ai0
ай ai0 ay0 ei1 ey2 aj0 i4 y4
ау au0 aw1 ow1 ou3
б b0 -8
в v0 w1 -6 f5 b6
г g0 gh3 gu4 h4 gue5 -8
ґ g0
д d0 -7
дж j2 gi2 g4 dj1 dzh0 c3
дз z2 j1 dz0 ds3
е e0 ye4 je4 yo5 ie4 a7 o7 ay3 ho7 i7 -8 et3 er4 ez3 ai3 oe3
ё yo1 io1 e2 jo2 o2 eu2 u5 oe2 ou5
ер er0 ur5
є e1 ye0 je1 ie1
ж zh0 j1 ge2 g3 z3 rz2 -7 zs2 s5
з z0 s3 -7
и i0 y2 ey3 ie4 ee3 e7 j6 ji7 hi5 -7
й i1 y1 j1 -3 ll4 ill2 il2
ий y1 i1 iy0 ij0 yi2 ii1 j3 ius3 ie2 ios2 eus3 ey2
ый y1 i2 yi0 yy0
ии ii1 i3 y4
ия ia0 ya2 ja2 iya0 iia0 ea4 ie3 y4
ио io0 jo0 yo1
і i0 y2 e6 -7
ї i0 yi0 ji1
к k0 c1 ck2 qu4 q4 ch5 -8
кв qu1 kv0 kw1 cu2
кс x0 ks0 cs2
л l0 gli5 gl6 -9
м m0 -8 n9
н n0 ng5 gn4 -8
нь n1 gn2 ny2 nj2 nh3
о o0 au3 oh5 eau2 a5 u8 e8 -8 eaux2 ot3 aud3 ault3 aut3 os4 uo2
оу ow0 aw1 ou1 o3
ой oi0 oy0 oj0 eu1 au3
п p0 -8 b7
р r0 rh2 -8
с s0 c4 z5 x4 sz2 sh5 -8
ск sk0 sc1
т t0 th2 -7 d7
ти ti0 chi1 ty1
тя tya0 cha1 tia1
тё tyo0 cho1
тю tyu0 chu1
си si0 shi1 sy1 xi1
сё syo0 sho1
ся sya0 sha1 xia2 sia1
сю syu0 shu1 xu2 xiu1
дзи ji1 dzi0 zi1
чж zh1
цз j2 z2 q3
тс ts0 tz1
у u0 ou2 oo3 w3 wh5 o7 y7 -8 oux3 ous3 oud4 out4
уа ua0 oi1 wa1 oua1 ois2 oit2
уи wi0 ui0 oui2
уэ ue0 we0 oue2
ў u1 w0 v2
ф f0 ph2 v7 th4 -9
х h1 kh2 ch2 j5 g7 x5 k8 -7 q6
ц ts1 tz1 c2 z4 cz4 t7 -6
ч ch1 tch2 c3 cz2 tsch2 ci4 tsh1 sch5 j6 -6 cs2 q3
ш sh0 sch1 s3 sz3 ch4 sc4 x5 -8
шт st2 sht0 scht1
щ shch0 sch1 sh3 ch4 st4 szcz1 scz2
ъ -0 a3
ы y1 i4 u6 e7 -5
ь -0 j4 i4 y5 l7
ье ie1 je2 ye1 e2 ier1 iers2 ieu1
ью yu1 ju1 iu1 u4
ья ia1 ya1 ja2 a4
э e1 a4 ae2 he5 -8 ai2 ay3 et4 ee3
эр er1
ю yu0 u2 ju1 iu2 ew3 y6 hu4 -7 ou3
я ya0 ja1 ia1 a4 -6 e7
ан an0 en3 ent3 ant2 and2 ean2 ang1
он on0 ont2 ond2
ен en0 ain2 ein2 in3
эн en0 ain1 in2 ein2 eng1
ам am0 em3
уар oir1 oire1
ьё ieu1 ieux2
ей ei0 ey0 ej0 ay1 eu2 aeus2 eus2
шп sp1
кз x2
уо wa2 wo1
дь gy2 d0 dy2
ль l0 ly2 lh2 gl2 ll0
ть t0 ty2
нг n3 ng0
ци qi1
ун un0 ong1
ин in0 ing1
нья nya0 gna1 gnia1
нье nye1 gne1 gner2
ньо nyo0 gno1
рж rz1 rzh0 r4
джи gi0 ji0 jea2
джа ja0 jea1 gia1
"""

HEBREW = """
- e1 a1 i5 o5 u5 h2 x3 t5 g5 c5 y5 j5 w5 r6 s6 d6 z6 m7 k7 v7 p7 n7 l8 b8
א a1 e4 -4 u5 ha7 i6 o6
או au1 ow3 o3 u4 ou2
אי ay2 i3 ai1 ei2 y3
ב b0 v1 w5 bh2 -9
ג g0 j3 gu3 gh4 dj3 zh4 -8
ד d0 -7 th5
דז dz0
ה h1 a3 ha3 he3 e4 ah3 ho5 -6 er8
ו o1 u1 ou2 v3 w3 oo3 we4 ow5 wa5 uh6 aw6 ew5 -6
וו v2 w2 wa3 we3 wo3
ז z0 s4 zh3 j5 -8
ח h2 kh1 ha3 ch3 ah4 ho4 he4 j5
ט t0 th5 d8 -8
טש ch2 tsch2
י i0 y1 ey4 e5 ie3 ee3 j5 -5 gh7
יא ya0 ja1 ia0
יה ia1 ya1 ie3 ja2
יו yo0 jo1 yu0 io0 ju1 eo2
יי ei1 ai1 ay1 y2 ey2 i3 ie2 igh4
כ k2 ch2 kh1 c4 x5 h5 -7
ל l0 -8
מ m0 -8
נ n0 -8
ס s0 c3 sz4 z6 -8
ע a3 -3 e5 i6 o6
פ p0 f0 ph2 -9
צ ch1 tz1 ts0 c2 cz2 tch2 z3 tsch3 sch5 -8
ק k0 c1 ck2 q2 que3 qu4 ch5 -8
קס x0 ks0
ר r0 er2 rh3 ur4 -8
ש sh0 s3 sch1 ch4 -7
שט st1 sht0
ת t1 th1 -6
"""

ARABIC = """
- a1 e1 i2 o2 u2 y4 h4 w6 t7 d7 s7 n8 r8 l8 m8
ا a0 e2 i4 o4 u4 aa0 -3
أ a0 o2 u2 e2 -3
إ i0 e1 a3 -3
آ a0 aa0
ب b0 p4
پ p0
ت t0
ث th0 s2 t2
ج j0 g1 dj0 dzh1
چ ch0 tch1
ح h0 -5
خ kh0 h2 ch2 x3
د d0
ذ dh0 z1 d1 th2
ر r0
ز z0 s5
ژ zh0 j1
س s0 c4
ش sh0 ch1 sch1 s4
ص s0
ض d0 dh1 z2
ط t0
ظ z0 dh1 d2
ع a1 -1 e3 i3 o3 u3 aa1
غ gh0 g1 r4
ف f0 ph1
ق q0 k0 g2 c2 gh3
ك k0 c1 q3
گ g0
ل l0
م m0
ن n0
ه h0 e4 a4 -3
ة a0 ah0 e1 eh1 t2
و w0 u0 o0 ou0 v2 oo0 aw2 au2
ؤ u1 ou1 o1 -3
ي y0 i0 ee0 e2 j2 ei2 ai2 ie1
ى a0 i2 e2
ئ i1 e2 y2 -2
ء -0
"""

# Spellings of one sound in Latin letters; each stands for any other of its line at the line's cost.
SPELLINGS = """
0 ks x cs
1 f ph
1 t th
1 k ck c
1 zh j
2 sh sch ch s sz
2 k q kh qu c
2 h kh ch x
2 ch tch tsch tsh c cz ci
2 ts tz c z cz
2 j dj dzh zh g
2 s z c
2 v w f
1 i y j ie ey ee ii ij iy
1 ya ja ia
1 yu ju iu
2 yo jo io o
2 e ye je ie ae
2 ai ay ei ey aj ej
2 au aw ow ou
2 u ou oo w
3 u yu iu
3 o au eau oh
3 g gh gu
4 b v
3 a ah ha
3 e he
4 g h
5 d t
5 b p
5 g k
5 m n
"""
_VOWELS = "aeiouy"
_VOWEL_FOR_ANOTHER, _VOWEL_LEFT_OUT, _H_LEFT_OUT = 4, 4, 2


def _read(text: str) -> Table:
    table: Table = {}
    for line in text.split("\n"):
        letters, *choices = line.split() or [""]
        for choice in choices:
            known = table.setdefault(letters.replace("-", ""), {})
            written = choice.rstrip("0123456789")
            known[written.replace("-", "")] = int(choice[len(written) :])
    return table


def _latin() -> Table:
    table: Table = {letter: {letter: 0} for letter in "abcdefghijklmnopqrstuvwxyz"}

    def add(one: str, other: str, cost: int) -> None:
        known = table.setdefault(one, {})
        known[other] = min(cost, known.get(other, cost))

    for line in SPELLINGS.split("\n"):
        cost, *spellings = line.split() or ["0"]
        for one in spellings:
            for other in spellings:
                add(one, other, 0 if one == other else int(cost))
    for vowel in _VOWELS:
        for other in _VOWELS:
            add(vowel, other, 0 if vowel == other else _VOWEL_FOR_ANOTHER)
        add(vowel, "", _VOWEL_LEFT_OUT)
        add("", vowel, _VOWEL_LEFT_OUT)
    add("h", "", _H_LEFT_OUT)
    add("", "h", _H_LEFT_OUT)
    return table


TABLES: dict[str, Table] = {
    "cyrillic": _read(CYRILLIC),
    "hebrew": _read(HEBREW),
    "arabic": _read(ARABIC),
    "latin": _latin(),
}
