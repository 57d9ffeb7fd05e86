using System.Globalization;
using Dlt.Internal;

namespace Dlt.Iceberg;

/// <summary>Reads how often and how long a commit is retried from the table properties <c>commit.retry.*</c> and
/// <c>commit.status-check.*</c> (docs/spec/iceberg.md 2.5).</summary>
/// <param name="properties">The properties of the table.</param>
/// <param name="isPatient">True retries until the total time-out, unless the table sets the number of retries.</param>
internal sealed class RetrySettings(IReadOnlyDictionary<string, string> properties, bool isPatient = false)
{
    private const int DefaultRetries = 4;
    private const int DefaultChecks = 3;
    private const int DefaultMinWaitMs = 100;
    private const int DefaultStatusMinWaitMs = 1000;
    private const int DefaultMaxWaitMs = 60_000;
    private const int PatientMaxWaitMs = 10_000;
    private const int DefaultTotalTimeoutMs = 1_800_000;

    /// <summary>Number of attempts after the first attempt, 0 or more.</summary>
    public int Retries { get; } = Number(properties, "commit.retry.num-retries", isPatient ? int.MaxValue : DefaultRetries);

    /// <summary>Time since the first attempt after which no new attempt starts.</summary>
    public TimeSpan TotalTimeout { get; } = TimeSpan.FromMilliseconds(
        Number(properties, "commit.retry.total-timeout-ms", DefaultTotalTimeoutMs));

    /// <summary>Number of reads of the table after a lost answer, 1 or more.</summary>
    public int StatusChecks { get; } = Math.Max(1, Number(properties, "commit.status-check.num-retries", DefaultChecks));

    /// <summary>Returns the wait before the next attempt.</summary>
    /// <param name="attempt">Number of the attempt that failed, 1 for the first.</param>
    public TimeSpan Wait(int attempt) => Backoff(
        Number(properties, "commit.retry.min-wait-ms", DefaultMinWaitMs),
        Number(properties, "commit.retry.max-wait-ms", isPatient ? PatientMaxWaitMs : DefaultMaxWaitMs),
        attempt);

    /// <summary>Returns the wait before a read of the table.</summary>
    /// <param name="check">Number of the read, 1 for the first.</param>
    public TimeSpan StatusWait(int check) => Backoff(
        Number(properties, "commit.status-check.min-wait-ms", DefaultStatusMinWaitMs),
        Number(properties, "commit.status-check.max-wait-ms", DefaultMaxWaitMs),
        check);

    private static TimeSpan Backoff(int minWaitMs, int maxWaitMs, int attempt)
    {
        var policy = new RetryPolicy
        {
            Attempts = int.MaxValue,
            FirstWait = TimeSpan.FromMilliseconds(minWaitMs),
            MaxWait = TimeSpan.FromMilliseconds(maxWaitMs),
        };
        return policy.Wait(attempt);
    }

    private static int Number(IReadOnlyDictionary<string, string> properties, string name, int defaultValue) =>
        properties.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : defaultValue;
}
