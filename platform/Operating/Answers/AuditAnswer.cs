using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Audit;

namespace DoSnapshot.Operating.Answers;

/// <summary>Replays the log and judges every decision to remove a snapshot by what was known then.</summary>
internal static class AuditAnswer
{
    /// <summary>Audits. The log is read a page at a time.</summary>
    /// <returns>Whether everything that was judged holds.</returns>
    public static async Task<bool> WriteAsync(IEventLog log, AuditTerms terms, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        var auditor = new Auditor(terms);
        await foreach (var e in log.ReadAllAsync(ct))
        {
            ct.ThrowIfCancellationRequested();
            auditor.See(e);
        }

        var report = auditor.Finish(now);
        if (json)
        {
            AuditJson.Write(report, output);
        }
        else
        {
            AuditMarkdown.Write(report, output);
        }

        return report.Holds;
    }
}
