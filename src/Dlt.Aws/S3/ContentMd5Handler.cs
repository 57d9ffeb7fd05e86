using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3.Model;

namespace Dlt.Aws;

/// <summary>
/// Adds <c>Content-MD5</c> to deletes of several objects. S3 takes any checksum there, and many other stores take this one only.
/// </summary>
internal sealed class ContentMd5Handler : PipelineHandler
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

    private static void Add(IRequestContext context)
    {
        if (context.OriginalRequest is not DeleteObjectsRequest || context.Request.ContentStream is not { CanSeek: true } body) return;
        var start = body.Position;
#pragma warning disable CA5351 // The protocol of S3 has this hash; it finds damage and keeps no secret.
        context.Request.Headers["Content-MD5"] = Convert.ToBase64String(MD5.HashData(body));
#pragma warning restore CA5351
        body.Position = start;
    }
}
