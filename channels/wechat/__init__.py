"""Official accounts of WeChat: genuine or refused, XML to values, values to XML.

The only package that knows wechatpy, and the only one where WeChat's own words may appear.
"""
