from django.urls import include, path

urlpatterns = [path("design/", include("punte.web.design.urls"))]
