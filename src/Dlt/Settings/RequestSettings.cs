using Dlt.Configuration;

namespace Dlt.Settings;

/// <summary>Timeout, retries and error texts of requests to APIs: the section <c>runtime</c> (docs/spec/pipeline.md 11.5).</summary>
internal sealed record RequestSettings
{
    private const int MaxShownBody = 1 << 20;

    /// <summary>Maximum time to wait for an answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Maximum number of calls, including the first one.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>Seconds to wait before the second call; doubled before each further one.</summary>
    public required double BackoffFactor { get; init; }

    /// <summary>Maximum time between two calls.</summary>
    public required TimeSpan MaxDelay { get; init; }

    /// <summary>Number of characters of an error's body that messages show; 0 for none.</summary>
    public required int ShownBody { get; init; }

    /// <exception cref="ConfigurationException">A value is of the wrong type, or out of its range.</exception>
    public static RequestSettings Read(DltConfiguration configuration)
    {
        var values = new ConfigurationResolver(configuration, [], null).Resolve(StepSpecs.Runtime).Values;
        return new()
        {
            Timeout = TimeSpan.FromSeconds(values["request_timeout"]!.AsDouble()),
            MaxAttempts = (int)values["request_max_attempts"]!.AsInt64(),
            BackoffFactor = values["request_backoff_factor"]!.AsDouble(),
            MaxDelay = TimeSpan.FromSeconds(values["request_max_retry_delay"]!.AsDouble()),
            ShownBody = values["http_show_error_body"]!.AsBool()
                ? (int)Math.Clamp(values["http_max_error_body_length"]!.AsInt64(), 0, MaxShownBody)
                : 0,
        };
    }
}
