using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace DoSnapshot.Sandbox;

/// <summary>Sends an answer over a real connection that breaks in the middle of the body.</summary>
internal static class SandboxBrokenAnswer
{
    /// <summary>
    /// Head and half of the body go to the socket itself. The server would take them into its buffers, and of those nobody knows how much has
    /// left when the connection is closed.
    /// </summary>
    public static async Task SendAsync(HttpContext context, SandboxResponse answer)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Head(answer)), context.RequestAborted);
            await socket.SendAsync(SandboxFaultAnswers.Half(answer.Body), context.RequestAborted);
        }

        context.Abort();
    }

    private static string Head(SandboxResponse answer)
    {
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}\r\n");
        foreach (var (name, value) in answer.Headers)
            head.Append($"{name}: {value}\r\n");
        return head.Append($"content-type: {answer.ContentType}\r\ncontent-length: {answer.Body.Length}\r\n\r\n").ToString();
    }
}
