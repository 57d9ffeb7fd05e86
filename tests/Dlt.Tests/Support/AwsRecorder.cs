using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Dlt.Tests.Support;

/// <summary>A proxy between a client and moto that records access key, region and service of each signed call.</summary>
internal sealed partial class AwsRecorder : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly LoopbackServer _server;
    private readonly string _target;
    private readonly Func<HttpListenerRequest, byte[], (int Status, string Body)?>? _intercept;

    /// <param name="target">URL of the service that calls are forwarded to.</param>
    /// <param name="intercept">Gives an answer of its own to a call: a status and a body. Null to forward the call.</param>
    public AwsRecorder(string target, Func<HttpListenerRequest, byte[], (int Status, string Body)?>? intercept = null)
    {
        _target = target;
        _intercept = intercept;
        _server = new((call, _) => ForwardAsync(call));
    }

    public string Url => _server.Url;

    /// <summary>Access key, region and service of each call.</summary>
    public ConcurrentBag<(string Key, string Region, string Service)> Calls { get; } = [];

    /// <summary>The permission that each call needs, in the form of policies: <c>glue:GetTable</c>, <c>s3:PutObject</c>.</summary>
    public ConcurrentBag<string> Actions { get; } = [];

    /// <summary>Method, path with query, and headers of each call.</summary>
    public ConcurrentBag<(string Method, string Url, Dictionary<string, string> Headers)> Requests { get; } = [];

    /// <summary>Answers calls that moto does not know, and returns true for them; null to forward all.</summary>
    public Func<HttpListenerContext, Task<bool>>? Answer { get; init; }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private static string ActionOf(HttpListenerRequest call)
    {
        if (call.Headers["X-Amz-Target"] is { } target) return (target.StartsWith("AWSGlue.", StringComparison.Ordinal) ? "glue:"
            : "athena:") + target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..];
        if (call.ContentType?.Contains("form-urlencoded", StringComparison.Ordinal) == true) return "sts";   // its calls need no permission
        var isBucket = call.Url!.AbsolutePath.Trim('/').Contains('/', StringComparison.Ordinal) is false;
        return call.HttpMethod switch
        {
            "GET" or "HEAD" => isBucket ? "s3:ListBucket" : "s3:GetObject",
            "DELETE" => "s3:DeleteObject",
            "POST" when isBucket => "s3:DeleteObject",   // many at once
            _ => isBucket ? "s3:CreateBucket" : "s3:PutObject",
        };
    }

    private async Task ForwardAsync(HttpListenerContext call)
    {
        var scope = Scope().Match(call.Request.Headers["Authorization"] ?? "");
        if (scope.Success) Calls.Add((scope.Groups[1].Value, scope.Groups[2].Value, scope.Groups[3].Value));
        if (Answer is { } answers && await answers(call)) return;
        Actions.Add(ActionOf(call.Request));
        Requests.Add((call.Request.HttpMethod, call.Request.RawUrl!, call.Request.Headers.AllKeys.OfType<string>()
            .ToDictionary(n => n, n => call.Request.Headers[n]!, StringComparer.OrdinalIgnoreCase)));
        using var request = new HttpRequestMessage(new HttpMethod(call.Request.HttpMethod), _target + call.Request.RawUrl);
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        if (_intercept?.Invoke(call.Request, body.ToArray()) is { } own)
        {
            call.Response.StatusCode = own.Status;
            if (call.Request.HttpMethod != "HEAD") await LoopbackServer.WriteAsync(call, own.Body);
            return;
        }

        if (call.Request.HasEntityBody) request.Content = new ByteArrayContent(body.ToArray());
        foreach (var name in call.Request.Headers.AllKeys.OfType<string>()
            .Where(n => n is not ("Host" or "Content-Length" or "Transfer-Encoding" or "Connection" or "Expect")))
        {
            HttpHeaders headers = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && request.Content is not null
                ? request.Content.Headers : request.Headers;
            headers.TryAddWithoutValidation(name, call.Request.Headers[name]);
        }

        using var answer = await _http.SendAsync(request);
        call.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (name is not ("Content-Length" or "Transfer-Encoding" or "Connection" or "Server" or "Date")) call.Response.AddHeader(
                name, string.Join(',', values));
        var content = await answer.Content.ReadAsByteArrayAsync();
        if (call.Request.HttpMethod == "HEAD") call.Response.ContentLength64 = answer.Content.Headers.ContentLength ?? 0;
        else await call.Response.OutputStream.WriteAsync(content);
    }

    [GeneratedRegex("Credential=([^/]+)/[^/]+/([^/]+)/([^/]+)/")]
    private static partial Regex Scope();
}
