using System.Collections.Concurrent;
using System.Globalization;
using Amazon.Runtime;
using Dlt.Aws;
using Dlt.Json;

namespace Dlt.Tests.Support.Services;

/// <summary>
/// S3, Glue and, where a test gives it, Athena over HTTP on loopback, answered by a local account, so that tests see the AWS clients on the
/// wire: times in whole seconds, errors by code, uploads in parts. A test may spoil calls (<see cref="Weather"/>).
/// </summary>
internal sealed class AccountServer : IAsyncDisposable
{
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(15);

    private readonly WireServer _server;
    private readonly ObjectAnswers _objects;
    private readonly GlueAnswers _glue;
    private readonly ConcurrentQueue<string> _calls = new();
    private int _number;

    /// <param name="account">The account that answers.</param>
    public AccountServer(LocalAthena account)
    {
        (_objects, _glue) = (new(account.Objects), new(account.Glue));
        _server = new(AnswerAsync);
    }

    /// <summary>Spoils calls; null for fine weather.</summary>
    public Weather? Weather { get; init; }

    /// <summary>
    /// The clock of the services less that of this machine. Requests that are signed 15 minutes off are refused, as AWS does.
    /// </summary>
    public TimeSpan ClockAhead { get; set; }

    /// <summary>Operation of S3 that the login may not use; null for none.</summary>
    public string? Denied { get; init; }

    /// <summary>Answers the calls of Athena; null where none is expected.</summary>
    public IAthenaAnswers? Athena { get; init; }

    /// <summary>
    /// Number of the call, from 1, with which the process of the client ends: this call and all later ones are refused. 0 for never.
    /// </summary>
    public int EndsAt { get; set; }

    /// <summary>True when the call with which the process ends still happens, and its answer is lost.</summary>
    public bool IsLastDone { get; init; }

    /// <summary>Called before each answer.</summary>
    public Action Answering { get; set; } = () => { };

    /// <summary>Access keys whose sessions have expired.</summary>
    public ConcurrentDictionary<string, bool> Expired { get; } = new();

    public string Url => _server.Url;

    /// <summary>Operations that were asked for, spoilt ones too: <c>PutObject</c>, <c>GetTable</c>.</summary>
    public IReadOnlyCollection<string> Calls => _calls;

    /// <summary>Uploads in parts that were begun and neither completed nor aborted.</summary>
    public IReadOnlyCollection<string> OpenUploads => _objects.OpenUploads;

    /// <summary>Settings of a pipeline that loads into the account.</summary>
    public (string Name, string Value)[] Settings =>
        [("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://lake"), ("DESTINATION__ATHENA__QUERY_RESULT_BUCKET", "s3://results")];

    /// <summary>Login of a client, by keys or by an object.</summary>
    public AwsCredentialOptions LoginOf(AWSCredentials? credentials = null) => credentials is null
        ? Moto.Credentials(Url) : new() { Credentials = credentials, RegionName = Moto.Region, EndpointUrl = Url };

    /// <summary>Opens the clients of the account.</summary>
    public AwsAccount Open() => Moto.Open(Url);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<WireAnswer> AnswerAsync(WireRequest request)
    {
        var target = request.Header("X-Amz-Target");
        var operation = target is null ? ObjectAnswers.OperationOf(request) : target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..];
        _calls.Enqueue(operation);
        Answering();
        var call = Interlocked.Increment(ref _number);
        if (EndsAt > 0 && call >= EndsAt)
        {
            if (call == EndsAt && IsLastDone) await AnswerOfAsync(target, operation, request);
            return target is null ? ObjectAnswers.Error(403, "AccessDenied") : GlueAnswers.Error("AccessDeniedException", "The end");
        }

        var spoilt = Refusal(request) ?? Weather?.Next(operation) ?? Spoilt.No;
        if (spoilt == Spoilt.ResetBefore) return WireAnswer.Reset;
        if (operation == Denied) return ObjectAnswers.Error(403, "AccessDenied");
        var answer = ErrorOf(spoilt, isGlue: target is not null) ?? await AnswerOfAsync(target, operation, request);
        if (spoilt == Spoilt.ResetAfter) return WireAnswer.Reset;
        var date = (TimeProvider.System.GetUtcNow() + ClockAhead).ToString("r", CultureInfo.InvariantCulture);
        (string, string)[] headers = [("Date", date), ("x-amzn-RequestId", "test"), ("x-amz-request-id", "test"), .. answer.Headers];
        return answer with { Headers = headers, IsCutOff = spoilt == Spoilt.CutOff };
    }

    private async Task<WireAnswer> AnswerOfAsync(string? target, string operation, WireRequest request)
    {
        if (target is null) return await _objects.AnswerAsync(request);
        return Athena is { } athena && target.StartsWith("AmazonAthena.", StringComparison.Ordinal)
            ? await athena.AnswerAsync(operation, JsonParser.Parse(request.Body))
            : await _glue.AnswerAsync(operation, JsonParser.Parse(request.Body));
    }

    private Spoilt? Refusal(WireRequest request)
    {
        var key = (request.Header("Authorization") ?? "").Split("Credential=")[^1].Split('/')[0];
        if (Expired.ContainsKey(key)) return Spoilt.ExpiredToken;
        if (ClockAhead == TimeSpan.Zero || request.Header("X-Amz-Date") is not { } signed) return null;
        var at = DateTimeOffset.ParseExact(signed, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return (TimeProvider.System.GetUtcNow() + ClockAhead - at).Duration() > MaxSkew ? Spoilt.TooSkewed : null;
    }

    private static WireAnswer? ErrorOf(Spoilt spoilt, bool isGlue) => spoilt switch
    {
        Spoilt.Throttled => isGlue ? GlueAnswers.Error("ThrottlingException", "Rate exceeded") : ObjectAnswers.Error(503, "SlowDown"),
        Spoilt.Failed => isGlue
            ? GlueAnswers.Error("InternalServiceException", "Failed", 500) : ObjectAnswers.Error(500, "InternalError"),
        Spoilt.ExpiredToken => isGlue
            ? GlueAnswers.Error("ExpiredTokenException", "The token expired") : ObjectAnswers.Error(400, "ExpiredToken"),
        Spoilt.TooSkewed => isGlue
            ? GlueAnswers.Error("InvalidSignatureException", "Signature expired") : ObjectAnswers.Error(403, "RequestTimeTooSkewed"),
        _ => null,
    };
}
