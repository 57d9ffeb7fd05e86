using Dlt.Internal;

namespace Dlt.Sources.Http;

/// <summary>Records the attempts of one request. The retry handler updates it, and error messages use it.</summary>
internal sealed class ApiCall
{
    private static readonly HttpRequestOptionsKey<ApiCall> Key = new("Dlt.ApiCall");

    public ApiCall(HttpRequestMessage request) => Request = request;

    /// <summary>The request as it was created. Its address is absolute after it was sent.</summary>
    public HttpRequestMessage Request { get; }

    /// <summary>
    /// True when the body of a successful response is read before the response is returned, so that an incomplete body is requested again.
    /// </summary>
    public bool ReadsBody { get; init; }

    /// <summary>True when a repeated request has no additional effect, whatever its method: the requests of an API that is read.</summary>
    public bool RepeatsAll { get; init; }

    /// <summary>Decides, after its body was read, whether a response with an error status is a result of its own; null for never.</summary>
    public Func<HttpResponseMessage, Task<bool>>? Accepts { get; init; }

    /// <summary>Returns an address without its secrets; null to leave out the whole query.</summary>
    public Func<Uri, string>? Shown { get; init; }

    /// <summary>Place of the request in the source, such as <c>Resource 'orders', page 2</c>; null for none.</summary>
    public string? Place { get; init; }

    /// <summary>Prepares each attempt, before its time is limited: credentials, a pace; null for nothing.</summary>
    public Func<HttpRequestMessage, CancellationToken, ValueTask>? BeforeAttempt { get; init; }

    /// <summary>
    /// Called with the time that a response asked to wait by <c>Retry-After</c>, limited by the settings; null for nothing.
    /// </summary>
    public Action<TimeSpan>? AskedToWait { get; init; }

    /// <summary>The last attempt with what <see cref="BeforeAttempt"/> added; null without it.</summary>
    public HttpRequestMessage? Attempt { get; set; }

    /// <summary>Number of attempts so far, 1 or more.</summary>
    public int Attempts { get; set; } = 1;

    /// <summary>Largest number of attempts, 1 or more.</summary>
    public int MaxAttempts { get; set; } = 1;

    /// <summary>Number of characters of an error's body that messages show; 0 for none.</summary>
    public int ShownBody { get; set; }

    /// <summary>Time that the last response asked to wait by <c>Retry-After</c>; null when it did not.</summary>
    public TimeSpan? AskedWait { get; set; }

    /// <summary>Names and locations of the secrets that the resource has read.</summary>
    public IReadOnlyCollection<string> Secrets { get; set; } = [];

    /// <summary>Name of the resource's source, for the section of its settings; null when unknown.</summary>
    public string? Source { get; set; }

    /// <summary>Address of the request without its secrets, for error messages.</summary>
    public string Url => Request.RequestUri is { } url ? Shown?.Invoke(url) ?? SafeUrl.Of(url) : "";

    /// <summary>Place, method and address of the request, for error messages.</summary>
    public string Title => Place is null ? $"{Request.Method} {Url}" : $"{Place}: {Request.Method} {Url}";

    /// <summary>Starts recording a request.</summary>
    public static ApiCall Begin(HttpRequestMessage request, bool readsBody) => Begin(new(request) { ReadsBody = readsBody });

    /// <summary>Starts recording a request.</summary>
    public static ApiCall Begin(ApiCall call)
    {
        call.Request.Options.Set(Key, call);
        return call;
    }

    /// <summary>Returns the record of a request, and starts one when there is none.</summary>
    public static ApiCall Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call) ? call : Begin(request, readsBody: false);
}
