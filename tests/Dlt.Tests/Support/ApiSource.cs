using Dlt.Retries;
using Dlt.Settings;
using Dlt.Sources.Http;

namespace Dlt.Tests.Support;

/// <summary>The HTTP of a source outside a run, with waits that take no time.</summary>
internal sealed class ApiSource : IDisposable
{
    private readonly SourceHttp _http;

    public ApiSource(TempFolder folder, params (string, string)[] settings) : this(folder, null, settings)
    {
    }

    public ApiSource(TempFolder folder, Func<HttpMessageHandler, HttpMessageHandler>? wrap, params (string, string)[] settings) =>
        _http = new(RequestSettings.Read(Some.Configuration(folder.Path, settings)), new RetryWaits(Clock, Said.Add), wrap);

    public HastyClock Clock { get; } = new();

    /// <summary>What the user was told while it waited.</summary>
    public List<string> Said { get; } = [];

    /// <summary>A client as a resource gets it.</summary>
    public HttpClient Client() => _http.CreateClient("shop", () => []).Client;

    public void Dispose() => _http.Dispose();
}
