namespace Dlt.Sources.Http;

/// <summary>Reads the header <c>Retry-After</c>, which has seconds or a date (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>Returns the time to wait before the next attempt.</summary>
    /// <returns>Null without the header, and for a time that is zero or in the past (docs/spec/pipeline.md 11.5).</returns>
    public static TimeSpan? Of(HttpResponseMessage answer, TimeProvider time)
    {
        if (answer.IsSuccessStatusCode || answer.Headers.RetryAfter is not { } header) return null;
        var asked = header.Delta ?? (header.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero);
        return asked > TimeSpan.Zero ? asked : null;
    }
}
