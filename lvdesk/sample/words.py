"""Invented names of people, places, firms and streets."""

from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文辉鹏飞雪梅琳波宁"
TOWNS = ("临江镇", "青石镇", "柳溪镇", "云泉乡", "石桥镇", "白沙乡")
VILLAGES = (
    "上湾村", "下湾村", "前岗村", "后岗村", "东塘村", "西塘村", "竹园村", "梅林村", "松坡村", "枣园村", "荷塘村", "槐树村",
    "新桥村", "古井村", "双河村", "三里村", "杏花村", "月湖村", "大坪村", "小坪村", "南山村", "北渡村", "金沙村", "银杏村",
)  # fmt: skip
ROADS = ("青禾路", "临江路", "柳溪路", "朝阳路", "丰收路", "文化路", "建设路", "滨河路")
FEEDERS = ("临江", "青石", "柳溪", "云泉", "石桥", "白沙", "竹园", "梅林", "松坡", "荷塘", "月湖", "金沙")
TRADES = ("粮食加工坊", "养殖场", "种植专业合作社", "便利店", "修理部", "超市", "农家饭庄", "卫生室")
FIRMS = ("青禾机械有限公司", "临江食品有限公司", "柳溪建材有限公司", "云泉饮品有限公司", "月湖电子有限公司", "白沙纸业有限公司")


def person(random: Random) -> str:
    """A name of two or three characters."""
    return random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2))))


def business(random: Random) -> str:
    """The name of a small village business."""
    return person(random) + random.choice(TRADES)


def masked_phone(random: Random) -> str:
    """A telephone number as marketing systems export it."""
    return f"1{random.choice((35, 38, 50, 56, 77, 86))}****{random.randrange(10000):04d}"
