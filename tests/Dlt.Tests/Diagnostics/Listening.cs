using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Dlt.Tests.Diagnostics;

/// <summary>Tests that count what the whole process measures run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "measurements of the whole process";
}

/// <summary>Listens to all spans and measurements of dlt while it is open.</summary>
internal sealed class Listening : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _meter = new();

    public Listening()
    {
        _spans = new()
        {
            ShouldListenTo = source => source.Name == "Dlt",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_spans);
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Dlt") listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meter.Start();
    }

    public ConcurrentQueue<Activity> Spans { get; } = [];

    public ConcurrentQueue<Measurement> Measurements { get; } = [];

    /// <summary>Spans that ended, of one name.</summary>
    public List<Activity> Of(string name) => [.. Spans.Where(s => s.OperationName == name)];

    /// <summary>The sum of a counter over all tags, or over those with a value.</summary>
    public double Sum(string instrument, string? tag = null, string? value = null) => Measurements
        .Where(m => m.Instrument == instrument && (tag is null || m.Tags.GetValueOrDefault(tag) as string == value)).Sum(m => m.Value);

    public void Dispose()
    {
        _spans.Dispose();
        _meter.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Measurements.Enqueue(new(instrument.Name, value, tags.ToArray().ToDictionary()));
}

/// <summary>A value that an instrument got.</summary>
internal sealed record Measurement(string Instrument, double Value, Dictionary<string, object?> Tags);
