namespace Dlt.Sources.Http;

/// <summary>How long a server wants to be left alone: the header <c>Retry-After</c>, seconds or a date (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    /// <returns>Null without the header, and for one that is zero or in the past (docs/spec/pipeline.md 11.5).</returns>
    public static TimeSpan? Of(HttpResponseMessage answer, TimeProvider time)
    {
        if (answer.IsSuccessStatusCode || answer.Headers.RetryAfter is not { } header) return null;
        var asked = header.Delta ?? (header.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero);
        return asked > TimeSpan.Zero ? asked : null;
    }
}
