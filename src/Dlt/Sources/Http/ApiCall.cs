using Dlt.Configuration;

namespace Dlt.Sources.Http;

/// <summary>What happened to one request: the handler of retries notes it here, errors tell it.</summary>
internal sealed class ApiCall
{
    private static readonly HttpRequestOptionsKey<ApiCall> Key = new("Dlt.ApiCall");

    private ApiCall(HttpRequestMessage request) => Request = request;

    /// <summary>The request as it was made; after it was sent its address is absolute.</summary>
    public HttpRequestMessage Request { get; }

    /// <summary>
    /// True: the body of a good answer is read before the answer is handed out, so that a body that is cut is asked for again.
    /// </summary>
    public bool ReadsBody { get; init; }

    /// <summary>Calls so far.</summary>
    public int Attempts { get; set; } = 1;

    /// <summary>Calls at most.</summary>
    public int MaxAttempts { get; set; } = 1;

    /// <summary>Characters of an error's body that messages show.</summary>
    public int ShownBody { get; set; }

    /// <summary>What the last answer asked for by <c>Retry-After</c>; null when it did not.</summary>
    public TimeSpan? AskedWait { get; set; }

    /// <summary>Names and places of the secrets that the resource has read.</summary>
    public IReadOnlyCollection<string> Secrets { get; set; } = [];

    /// <summary>The resource's source, for the section of its settings; null where it is unknown.</summary>
    public string? Source { get; set; }

    /// <summary>The address as errors may show it.</summary>
    public string Url => Request.RequestUri is { } url ? SafeUrl.Of(url) : "";

    /// <summary>The method and the address.</summary>
    public string Title => $"{Request.Method} {Url}";

    /// <summary>Begins the notes of a request.</summary>
    public static ApiCall Begin(HttpRequestMessage request, bool readsBody)
    {
        var call = new ApiCall(request) { ReadsBody = readsBody };
        request.Options.Set(Key, call);
        return call;
    }

    /// <summary>The notes of a request; new ones where nobody has begun them.</summary>
    public static ApiCall Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call) ? call : Begin(request, readsBody: false);
}
