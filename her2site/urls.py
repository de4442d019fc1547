"""The map of the whole site. These addresses are permanent."""

from django.contrib import admin
from django.urls import include, path

from articles import feeds, review_pages
from articles import views as articles
from her2site import crawlers, health, my_account, pages
from quizzes import views as quizzes

urlpatterns = [
    path("", pages.home, name="home"),
    path("topics/<slug:slug>/", articles.topic, name="topic"),
    path("articles/", articles.article_list, name="article-list"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("articles/<slug:slug>/report/<slug:key>/", articles.report, name="report"),
    path("references/<slug:key>/", articles.reference, name="reference"),
    path("glossary/", articles.glossary, name="glossary"),
    path("search/", articles.search, name="search"),
    path("search/missed/", articles.search_missed, name="search-missed"),
    path("images/<slug:sha256>.webp", articles.image, name="image"),
    path("review/<str:token>/", review_pages.review_link, name="review-link"),
    path("quizzes/", quizzes.quiz_list, name="quiz-list"),
    path("quizzes/<slug:slug>/", quizzes.quiz, name="quiz"),
    path("quizzes/<slug:slug>/all/", quizzes.quiz_all, name="quiz-all"),
    path("quizzes/<slug:slug>/check/", quizzes.check, name="check"),
    path("quizzes/<slug:slug>/review/", quizzes.review, name="review"),
    path(
        "attempts/<uuid:attempt_id>/<int:position>/",
        quizzes.question,
        name="question",
    ),
    path(
        "attempts/<uuid:attempt_id>/<int:position>/feedback/",
        quizzes.feedback,
        name="feedback",
    ),
    path("attempts/<uuid:attempt_id>/result/", quizzes.result, name="result"),
    path("attempts/<uuid:attempt_id>/retry/", quizzes.retry, name="retry"),
    path(
        "attempts/<uuid:attempt_id>/certificate/",
        quizzes.certificate_new,
        name="certificate-new",
    ),
    path("certificates/<str:code>/", quizzes.certificate, name="certificate"),
    path("my-learning/", pages.my_learning, name="my-learning"),
    path("attempts/<uuid:attempt_id>/receipt/", quizzes.receipt, name="receipt"),
    path("account/export/", my_account.export_me, name="export-me"),
    path("account/export/file/", my_account.export_file, name="export-file"),
    path("account/delete/", my_account.delete_me, name="delete-me"),
    path("account/deleted/", my_account.deleted_me, name="deleted-me"),
    path("account/clear/", my_account.clear_me, name="clear-me"),
    path("account/", pages.account, name="account"),
    path("account/claim/", quizzes.claim, name="claim"),
    path("account/2fa/totp/picture/", pages.app_picture, name="app-picture"),
    path("account/", include("allauth.urls")),
    path("help/", pages.get_help, name="help"),
    path("about/", pages.about, name="about"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("feed/", feeds.changes, name="feed"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
