using System.Net;
using System.Text;

namespace Dlt.Tests.Sources.Rest;

/// <summary>An API in the process: answers requests by a function, and keeps what it was asked.</summary>
/// <param name="answer">Answers a request.</param>
internal sealed class FakeApi(Func<FakeApi.Call, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly List<Call> _calls = [];

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    /// <summary>Addresses that were asked for, with their queries, in order.</summary>
    public IReadOnlyList<string> Asked => [.. Calls.Select(c => c.Url.PathAndQuery)];

    /// <summary>A request.</summary>
    /// <param name="Number">Its number, 1 for the first.</param>
    /// <param name="Method">Its method.</param>
    /// <param name="Url">Its address.</param>
    /// <param name="Headers">Its headers.</param>
    /// <param name="Body">Its body.</param>
    public sealed record Call(int Number, string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, string Body)
    {
        /// <summary>A header; null when the request does not have it.</summary>
        public string? this[string header] => Headers.GetValueOrDefault(header);
    }

    /// <summary>Describes the API with some resources, all requests of which this object answers.</summary>
    public RestApiConfig Over(RestClientConfig client, params RestResource[] resources) =>
        new() { Client = client with { Handler = _ => this }, Resources = [.. resources] };

    /// <summary>Describes the API with some resources.</summary>
    public RestApiConfig Config(params RestResource[] resources) => Over("http://api.test/v1/", resources);

    public static HttpResponseMessage Ok(
        string json, HttpStatusCode status = HttpStatusCode.OK, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    public static HttpResponseMessage Status(HttpStatusCode status, params (string Name, string Value)[] headers) =>
        Ok("{}", status, headers);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.NonValidated.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Call call;
        lock (_gate) _calls.Add(call = new(_calls.Count + 1, request.Method.Method, request.RequestUri!, headers, body));
        return answer(call);
    }
}
