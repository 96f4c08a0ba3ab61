"""The addresses of the test project itself: its admin. Tests bring others."""

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
