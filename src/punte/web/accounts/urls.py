from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [path("limba/", views.language, name="language")]
