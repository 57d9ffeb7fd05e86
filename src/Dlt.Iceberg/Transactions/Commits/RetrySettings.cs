using System.Globalization;
using Dlt.Retries;

namespace Dlt.Iceberg;

/// <summary>How often a commit is tried, and after which time (docs/spec/iceberg.md 2.5): the table's properties <c>commit.retry.*</c> and
/// <c>commit.status-check.*</c>.</summary>
/// <param name="properties">The table's properties.</param>
/// <param name="isPatient">True: as often as the time allows, unless the table says how often.</param>
internal sealed class RetrySettings(IReadOnlyDictionary<string, string> properties, bool isPatient = false)
{
    private const int DefaultRetries = 4;
    private const int DefaultChecks = 3;
    private const int DefaultMinWaitMs = 100;
    private const int DefaultStatusMinWaitMs = 1000;
    private const int DefaultMaxWaitMs = 60_000;
    private const int PatientMaxWaitMs = 10_000;
    private const int DefaultTotalTimeoutMs = 1_800_000;

    /// <summary>Further attempts after the first one. 0 or more.</summary>
    public int Retries { get; } = Number(properties, "commit.retry.num-retries", isPatient ? int.MaxValue : DefaultRetries);

    /// <summary>No attempt begins after this time.</summary>
    public TimeSpan TotalTimeout { get; } = TimeSpan.FromMilliseconds(
        Number(properties, "commit.retry.total-timeout-ms", DefaultTotalTimeoutMs));

    /// <summary>Looks at the table after a lost answer. 1 or more.</summary>
    public int StatusChecks { get; } = Math.Max(1, Number(properties, "commit.status-check.num-retries", DefaultChecks));

    /// <summary>The time before the next attempt.</summary>
    /// <param name="attempt">The attempt that failed, 1 for the first.</param>
    public TimeSpan Wait(int attempt) => Backoff(
        Number(properties, "commit.retry.min-wait-ms", DefaultMinWaitMs),
        Number(properties, "commit.retry.max-wait-ms", isPatient ? PatientMaxWaitMs : DefaultMaxWaitMs),
        attempt);

    /// <summary>The time before a look at the table.</summary>
    /// <param name="check">1 for the first.</param>
    public TimeSpan StatusWait(int check) => Backoff(
        Number(properties, "commit.status-check.min-wait-ms", DefaultStatusMinWaitMs),
        Number(properties, "commit.status-check.max-wait-ms", DefaultMaxWaitMs),
        check);

    private static TimeSpan Backoff(int least, int most, int attempt) =>
        new RetryPolicy
        {
            Attempts = int.MaxValue,
            FirstWait = TimeSpan.FromMilliseconds(least),
            MaxWait = TimeSpan.FromMilliseconds(most),
        }.Wait(attempt);

    private static int Number(IReadOnlyDictionary<string, string> properties, string name, int defaultValue) =>
        properties.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : defaultValue;
}
