using System.Diagnostics;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Dlt.Aws;

/// <summary>Stands above the SDK's retries, and makes a span and the measurements of each call.</summary>
/// <param name="serviceOf">The service, such as <c>S3</c>; asked when a call is made: pipelines are built before their clients.</param>
internal sealed class CallSpanHandler(Func<string> serviceOf) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var service = serviceOf();
        var operation = AttemptHandler.OperationOf(executionContext.RequestContext);
        using var span = DltDiagnostics.Source.StartActivity($"{service}.{operation}", ActivityKind.Client);
        var started = Stopwatch.GetTimestamp();
        string? errorType = null;
        try
        {
            var answer = await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
            NoteAnswer(span, executionContext, answer);
            return answer;
        }
        catch (Exception error)
        {
            errorType = NoteError(span, error);
            throw;
        }
        finally
        {
            End(span, executionContext.RequestContext, CallDiagnostics.TagsOf(service, operation), errorType, started);
        }
    }

    private static void End(Activity? span, IRequestContext request, TagList tags, string? errorType, long started)
    {
        var attempts = AttemptHandler.CallOf(request)?.Attempt ?? 0;
        if (span is not null)
        {
            foreach (var (name, value) in tags) span.SetTag(name, value);
            span.SetTag(CallDiagnostics.Server, request.Request?.Endpoint?.Host).SetTag(CallDiagnostics.Attempts, attempts);
        }

        if (attempts > 1) CallDiagnostics.Retries.Add(attempts - 1, tags);
        if (errorType is not null) tags.Add(DltDiagnostics.ErrorType, errorType);
        CallDiagnostics.Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }

    private static void NoteAnswer(Activity? span, IExecutionContext context, AmazonWebServiceResponse answer)
    {
        if (span is null) return;
        var http = context.ResponseContext.HttpResponse;
        var id = answer.ResponseMetadata?.RequestId ?? http?.GetHeaderValue("x-amzn-RequestId");
        span.SetTag(CallDiagnostics.RequestId, id).SetTag(CallDiagnostics.StatusCode, (int?)http?.StatusCode);
    }

    private static string NoteError(Activity? span, Exception error)
    {
        var answer = error as AmazonServiceException;
        var type = answer?.ErrorCode is { Length: > 0 } code ? code : DltDiagnostics.TypeOf(error);
        DltDiagnostics.Fail(span, type);
        if (answer is { StatusCode: > 0 })
            span?.SetTag(CallDiagnostics.RequestId, answer.RequestId).SetTag(CallDiagnostics.StatusCode, (int)answer.StatusCode);
        return type;
    }
}
