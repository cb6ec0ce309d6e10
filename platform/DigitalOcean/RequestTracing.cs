using System.Diagnostics;
using DoSnapshot.DigitalOcean.Wire;

namespace DoSnapshot.DigitalOcean;

/// <summary>A step of a trace for each request, through all its attempts. It holds neither a query nor a header nor a body.</summary>
public static class RequestTracing
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "DoSnapshot.DigitalOcean";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? Begin(HttpMethod method, string path, RequestPurpose purpose)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var route = Routes.Of(path);
        var step = Source.StartActivity($"{method} {route}");
        step?.SetTag("http.request.method", method.Method);
        step?.SetTag("url.template", route);
        step?.SetTag("url.path", Routes.WithoutQuery(path));
        step?.SetTag("dosnapshot.api.purpose", purpose.ToString());
        return step;
    }

    internal static void End(Activity? step, Answer answer, bool heldBack)
    {
        if (step is null)
        {
            return;
        }

        step.SetTag("dosnapshot.api.held_back", heldBack ? true : null);
        switch (answer)
        {
            case Answer.Received received:
                step.SetTag("http.response.status_code", received.Status);
                step.SetStatus(received.Status < 400 ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
                break;
            case Answer.Missing missing:
                step.SetTag("error.type", missing.Cause.GetType().Name);
                step.SetStatus(ActivityStatusCode.Error);
                break;
            default:
                break;
        }
    }
}
