from django.urls import path

from . import views

app_name = "design"
urlpatterns = [
    path("", views.specimens_page, name="specimens"),
    path("punte.<slug:digest>.css", views.stylesheet, name="stylesheet"),
]
