"""What Word, Google Docs and a web page put on the clipboard, shortened."""

WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {margin:0cm; font-size:12.0pt;} --></style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
</head><body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1>Heart checks<o:p></o:p></h1>
<p class=MsoNormal>The heart is checked <b style='mso-bidi-font-weight:normal'>before</b> and
<i>during</i> treatment<sup>1</sup><span style='mso-spacerun:yes'>  </span>(10<sup>9</sup> cells,
CO<sub>2</sub>).<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span
class=MsoFootnoteReference>[1]</span></a><o:p></o:p></p>
<h2>How often</h2>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Before the first dose<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span></span><![endif]>with
an <b>echo</b></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>Every three months</p>
<p class=MsoNormal>Then:</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><![endif]>Rest</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>2.<span>&nbsp;&nbsp; </span></span><![endif]>Call us</p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse'>
<tr><td width=200 valign=top><p class=MsoNormal><b>Medicine</b></p></td><td><p class=MsoNormal><b>Check</b></p></td></tr>
<tr><td><p class=MsoNormal>T-DM1</p></td><td><p class=MsoNormal>heart | liver</p></td></tr></table>
<p class=MsoNormal><img width=2 height=2 src="file:///C:/clip_image001.png" alt=x></p>
<div style='mso-element:footnote-list'><p>A footnote.</p></div>
<!--EndFragment--></body></html>
"""
FROM_WORD = """### Heart checks

The heart is checked **before** and *during* treatment^1^ (10^9^ cells, CO~2~).

#### How often

- Before the first dose
  - with an **echo**
- Every three months

Then:

1. Rest
2. Call us

| Medicine | Check |
| --- | --- |
| T-DM1 | heart \\| liver |"""

DOCS = """
<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1a2b3c">
<h2 dir="ltr" style="line-height:1.38;margin-top:18pt;"><span style="font-size:16pt;font-weight:400;font-style:normal;vertical-align:baseline;">Side effects</span></h2>
<p dir="ltr"><span style="font-weight:400;vertical-align:baseline;">Most are </span><span style="font-weight:700;vertical-align:baseline;">mild</span><span style="font-weight:700;"> and pass</span><span style="font-weight:400;font-style:italic;"> slowly</span><span style="font-weight:400;">. See </span><a href="https://www.google.com/url?q=https://www.who.int/cancer&amp;sa=D" style="text-decoration:none;"><span style="text-decoration:underline;vertical-align:baseline;">the WHO</span></a><span style="font-size:0.6em;vertical-align:super;">2</span></p><br />
<ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;font-weight:400;" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">Tiredness</span></p></li>
<ul style="margin-top:0;"><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span style="font-weight:400;">at night</span></p></li></ul>
<li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:700;">Fever</span></p></li></ul>
<ol><li dir="ltr"><p role="presentation"><span>Call</span></p></li><li dir="ltr"><p role="presentation"><span>Wait</span></p></li></ol>
<div dir="ltr" align="left"><table style="border:none;"><colgroup><col width="100"/></colgroup><tbody><tr><td colspan="2"><p dir="ltr"><span style="font-weight:700;">Sign</span></p></td></tr><tr><td><p dir="ltr"><span>Cough</span></p></td><td><p><span>Call</span></p></td></tr></tbody></table></div></b><br class="Apple-interchange-newline">
"""
FROM_DOCS = """### Side effects

Most are **mild and pass** *slowly*. See [the WHO](https://www.who.int/cancer)^2^

- Tiredness
  - at night
- **Fever**

1. Call
2. Wait

| Sign |  |
| --- | --- |
| Cough | Call |"""

HOSTILE = """
<script>window.hurt = 1</script><img src="/nothing.png" onerror="window.hurt = 1">
<p style="color:red">Read <a href="javascript:window.hurt=1">this</a>, <a href="https://who.int/a (b)">that</a>
and *5* or <b>a_b</b>.</p><p># no heading</p><iframe src="/"></iframe><svg><text>drawn</text></svg>
"""
FROM_HOSTILE = r"""Read this, [that](https://who.int/a%20%28b%29) and \*5\* or **a_b**.

\# no heading"""
PLAIN = '<div style="font-weight: normal;"><span>### Typed **elsewhere** [@key]</span></div>'
PLAIN_TEXT = "### Typed **elsewhere** [@key]"
