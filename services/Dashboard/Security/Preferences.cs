namespace DoSnapshot.Dashboard.Security;

/// <summary>What a browser remembers of how its user wants the pages. Only what is one of the choices is ever taken from it.</summary>
internal static class Preferences
{
    /// <summary><c>light</c>, <c>dark</c>, or <c>system</c> for what the system wants.</summary>
    public static string Theme(HttpContext? http) => http?.Request.Cookies["theme"] is "light" or "dark" ? http.Request.Cookies["theme"]! : "system";

    /// <summary><c>utc</c>, or <c>local</c> for times where the browser is.</summary>
    public static string Clock(HttpContext? http) => http?.Request.Cookies["clock"] is "local" ? "local" : "utc";
}
