"""From signals to mails: what is chosen, what is said, where it goes."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from digests.headers import address, one_line, shortened
from digests.transport import MailFolder, SmtpServer
from store import companies, reps, watchlists
from store.companies import CompanyRow
from store.database import Database
from store.errors import Invalid
from store.tables import Delivery
from tests.conftest import Tell
from tests.digests.support import NOW, YESTERDAY, Inbox, send, text


def test_each_rep_gets_one_mail_in_their_language(
    database: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer]
) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    box, server = inbox
    assert [one.news for one in send(database, server)] == [1, 1]
    english, french = box.mails()
    assert box.to == [["ann@example.org"], ["zoe@example.org"]]
    assert french["To"].addresses[0].display_name == "Zoé Lefèvre-Œuvrard"
    assert french["Subject"] == "Vigie : 1 actualité chez Velmora & Fils"
    assert english["Subject"] == "Vigie: 1 news item at Velmora & Fils"
    assert "* Levée de fonds · hier" in text(french)
    assert "«\u00a0Velmora lève 12 millions d'euros.\u00a0»" in text(french)
    assert "Velmora &amp; Fils" in text(french, "html")
    assert 'href="https://presse.example/0"' in text(french, "html")
    assert text(french, "html").count("<style") == 1  # that for dark screens; all others are inlined
    assert "“Velmora lève 12 millions d'euros.”" in text(english)


def test_a_deal_across_a_border_is_not_told_twice(
    database: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer]
) -> None:
    for kind in ("contract_won", "foreign_deal"):
        tell(kind, "Velmora équipe le métro de Turin.", YESTERDAY)
    box, server = inbox
    assert [one.news for one in send(database, server)] == [1, 1]
    said = text(box.mails()[1])
    assert "* Contrat ou commande, Accord au-delà des frontières · hier" in said
    assert said.count("métro de Turin") == 1
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 4


def test_a_signal_is_never_sent_twice_and_silence_is_told_once_a_day(
    database: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer]
) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    box, server = inbox
    send(database, server)
    assert [one.where for one in send(database, server)] == ["", ""]
    assert len(box.raw) == 2
    send(database, server, NOW + timedelta(days=1))
    assert box.mails()[3]["Subject"] == "Vigie : rien de nouveau le 11 mars 2026"
    assert "Rien de nouveau n'a été publié sur l'entreprise que vous suivez." in text(box.mails()[3])
    assert "1 article lu dans 1 source depuis votre dernier récapitulatif." in text(box.mails()[3])


def test_only_dated_recent_news_of_watched_companies_is_told(database: Database, tell: Tell, tmp_path: Path) -> None:
    tell("appointment", "Velmora nomme une directrice.", NOW - timedelta(days=700))
    tell("appointment", "Velmora nomme un directeur.", None)
    tell("funding", "Castelor lève 2 millions d'euros.", YESTERDAY, company=2)
    sent = send(database, MailFolder(tmp_path / "outbox"))
    assert [one.news for one in sent] == [0, 0]
    mail = email.message_from_bytes(Path(sent[1].where).with_suffix(".eml").read_bytes(), policy=email.policy.default)
    assert "Rien de nouveau" in text(mail)


def test_what_could_not_be_sent_is_sent_the_next_time(
    database: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer]
) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    gone = SmtpServer("127.0.0.1", 1, "none", "", "secret")
    errors = [one.error for one in send(database, gone)]
    assert all("mail server 127.0.0.1:1" in error and "secret" not in error for error in errors)
    box, server = inbox
    assert [one.news for one in send(database, server) if one.where] == [1, 1]
    assert len(box.raw) == 2
    assert all(one.where == "" for one in send(database, server))
    assert len(box.raw) == 2


def test_one_sentence_in_several_articles_is_said_once_with_every_source(
    database: Database, tell: Tell, tmp_path: Path
) -> None:
    for hours in (1, 2):
        tell("funding", "Velmora lève 12 millions d'euros.", NOW - timedelta(hours=hours))
    tell("funding", "Le tour de table atteint 12 millions.", NOW - timedelta(hours=3))
    html = Path(send(database, MailFolder(tmp_path))[1].where).read_text("utf-8")
    assert html.count("Velmora lève 12 millions") == 1
    assert "Le tour de table" not in html
    assert html.count('href="https://presse.example') == 1  # one article of each source
    assert html.count("Levée de fonds") == 2  # also in the table


def test_no_sentence_stands_twice_in_a_mail(database: Database, tell: Tell, tmp_path: Path) -> None:
    with database.session() as session:
        watchlists.add(session, watchlists.save(session, reps.by_email(session, "zoe@example.org"), ""), [2])
    said = "Velmora rachète Castelor, recrute et ouvre un site."
    for kind, company in (("acquisition", 1), ("hiring", 1), ("opening", 1), ("acquired", 2)):
        tell(kind, said, YESTERDAY, company)
    html = Path(send(database, MailFolder(tmp_path))[1].where)
    for mail in (
        html.read_text("utf-8"),
        text(email.message_from_bytes(html.with_suffix(".eml").read_bytes(), policy=email.policy.default)),
    ):
        assert mail.count(said) == 1
        assert "Cité chez Velmora &" in mail
        assert "Recrutement" in mail


def test_a_story_is_told_once_however_often_it_is_printed(database: Database, tell: Tell, tmp_path: Path) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    assert [one.news for one in send(database, MailFolder(tmp_path))] == [1, 1]
    tell("funding", "Le tour de table de Velmora atteint 12 millions.", NOW)
    assert [one.news for one in send(database, MailFolder(tmp_path), NOW + timedelta(days=1))] == [0, 0]


def test_what_is_not_sure_enough_waits_for_another_source(database: Database, tell: Tell, tmp_path: Path) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    assert [one.news for one in send(database, MailFolder(tmp_path), sure=False)] == [0, 0]
    tell("funding", "Le tour de table de Velmora atteint 12 millions.", NOW)
    assert [one.news for one in send(database, MailFolder(tmp_path), NOW + timedelta(days=1))] == [1, 1]


def test_a_denial_is_told_to_who_was_told_the_news(database: Database, tell: Tell, tmp_path: Path) -> None:
    tell("layoffs", "Velmora supprime 120 postes.", YESTERDAY)
    send(database, MailFolder(tmp_path))
    tell("layoffs", "Velmora dément supprimer 120 postes.", NOW, status="denied")
    sent = send(database, MailFolder(tmp_path), NOW + timedelta(days=1))
    assert [one.news for one in sent] == [1, 1]
    assert "Suppressions de postes (démenti)" in Path(sent[1].where).read_text("utf-8")


def test_what_was_denied_in_time_is_not_told(database: Database, tell: Tell, tmp_path: Path) -> None:
    tell("layoffs", "Velmora supprime 120 postes.", YESTERDAY)
    tell("layoffs", "Velmora dément supprimer 120 postes.", NOW, status="denied")
    assert [one.news for one in send(database, MailFolder(tmp_path))] == [0, 0]


def test_nothing_of_a_feed_becomes_markup_or_a_header(
    database: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer]
) -> None:
    with database.session() as session:
        name = "É" * 90 + " L’ŒUVRE 🎉\r\nBcc: intrus@example.net\nX-Ajout: oui"
        companies.save(session, [CompanyRow(name, {"x": "x"})])
        watchlists.add(session, watchlists.save(session, reps.by_email(session, "zoe@example.org"), ""), [3])
    tell("funding", "<script>alert(1)</script> Élodie Maïs", YESTERDAY, company=3, title="<b>x</b>\nBcc: a@b.example")
    box, server = inbox
    send(database, server)
    raw, mail = box.raw[1], box.mails()[1]
    assert mail["Bcc"] is None
    assert mail["X-Ajout"] is None
    assert box.to[1] == ["zoe@example.org"]
    assert "<script" not in text(mail, "html")
    assert "&lt;script&gt;" in text(mail, "html")
    assert "Élodie Maïs" in text(mail)
    head = raw.split(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert all(len(word) <= 75 for word in head.split() if word.startswith(b"=?"))
    assert "ÉÉÉ…" in mail["Subject"]
    assert "\ufffd" not in mail["Subject"]
    for once in ("Message-ID", "Date", "To", "Subject"):
        assert len(mail.get_all(once, [])) == 1


@pytest.mark.parametrize("bad", ["", "a", "a@", "a@b\nBcc: c@d", "a b@c.d", "a@b,c@d", "é@b.c"])
def test_a_bad_address_is_refused(bad: str) -> None:
    with pytest.raises(Invalid, match="is not a mail address"):
        address(bad)


def test_texts_for_a_header_are_one_line_and_cut_between_characters() -> None:
    assert one_line(" a\r\nb\u2028c\x00\t d ") == "a b c d"
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abe\u0301def", 4) == "ab…"
    assert shortened("ab👩\u200d🔧def", 5) == "ab…"
