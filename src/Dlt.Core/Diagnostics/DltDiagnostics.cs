using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Dlt;

/// <summary>
/// The source of all spans and the meter of all instruments of dlt. Names and units of all spans, attributes and instruments are in
/// docs/observability.md. Nothing is recorded, and nothing is sent, unless the program listens.
/// </summary>
public static class DltDiagnostics
{
    /// <summary>Name of the activity source and of the meter, for <c>AddSource</c> and <c>AddMeter</c> of OpenTelemetry.</summary>
    public const string Name = "Dlt";

    /// <summary>Attribute of spans and measurements that failed: the code of the service's answer, else the type of the exception
    /// (OpenTelemetry, semantic conventions).</summary>
    public const string ErrorType = "error.type";

    /// <summary>The source of all spans.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>The meter of all instruments.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>Runs an operation within a span. An exception gives the span the status Error and is thrown on.</summary>
    /// <param name="name">Name of the span.</param>
    /// <param name="kind">Client for a call to a service, otherwise internal.</param>
    /// <param name="work">The operation; it receives the span, or null when nobody listens.</param>
    public static async Task<T> TraceAsync<T>(string name, ActivityKind kind, Func<Activity?, Task<T>> work)
    {
        using var span = Source.StartActivity(name, kind);
        try
        {
            return await work(span).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Fail(span, TypeOf(error));
            throw;
        }
    }

    /// <inheritdoc cref="TraceAsync{T}"/>
    public static Task TraceAsync(string name, ActivityKind kind, Func<Activity?, Task> work) => TraceAsync(name, kind, async span =>
    {
        await work(span).ConfigureAwait(false);
        return true;
    });

    /// <summary>
    /// Gives a span the status Error and the attribute <c>error.type</c>. The message of the error is left out, because it may quote data
    /// and addresses. Only the first failure of a span counts.
    /// </summary>
    /// <param name="span">The span; null is ignored.</param>
    /// <param name="errorType">Code of the service's answer, or <see cref="TypeOf"/>.</param>
    public static void Fail(Activity? span, string errorType)
    {
        if (span is null || span.Status == ActivityStatusCode.Error) return;
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag(ErrorType, errorType);
    }

    /// <summary>Full name of the exception's type.</summary>
    public static string TypeOf(Exception error) => error.GetType().FullName!;
}
