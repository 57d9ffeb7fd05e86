using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3.Model;

namespace Dlt.Aws;

/// <summary>
/// Adds the headers of <see cref="S3Options"/> to requests after the SDK has written them and before it signs them. Single writes and
/// writes in parts, which the SDK makes in different ways, so get the same headers.
/// </summary>
/// <param name="optionsOf">Returns the options. A delegate, because the SDK builds pipelines before their clients.</param>
internal sealed class S3OptionsHandler(Func<S3Options> optionsOf) : PipelineHandler
{
    public override void InvokeSync(IExecutionContext executionContext)
    {
        Add(executionContext.RequestContext);
        base.InvokeSync(executionContext);
    }

    public override Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        Add(executionContext.RequestContext);
        return base.InvokeAsync<T>(executionContext);
    }

    private void Add(IRequestContext context)
    {
        var options = optionsOf();
        var headers = context.Request.Headers;
        foreach (var (name, value) in options.RequestHeaders()) headers[name] = value;
        if (context.OriginalRequest is not (PutObjectRequest or InitiateMultipartUploadRequest)) return;
        foreach (var (name, value) in options.WriteHeaders()) headers[name] = value;
    }
}
