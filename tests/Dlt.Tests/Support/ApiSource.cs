using Dlt.Internal;
using Dlt.Retries;
using Dlt.Settings;
using Dlt.Sources.Http;

namespace Dlt.Tests.Support;

/// <summary>The HTTP client of a source outside a run, whose waits end at once.</summary>
internal sealed class ApiSource : IDisposable
{
    private readonly SourceHttp _http;

    public ApiSource(TempFolder folder, params (string, string)[] settings) : this(folder, null, settings)
    {
    }

    public ApiSource(TempFolder folder, Func<HttpMessageHandler, HttpMessageHandler>? wrap, params (string, string)[] settings) =>
        _http = new(RequestSettings.Read(Some.Configuration(folder.Path, settings)), new RetryWaits(Clock, Said.Add), wrap);

    public HastyClock Clock { get; } = new();

    /// <summary>Messages to the user during waits.</summary>
    public List<string> Said { get; } = [];

    /// <summary>The client that a resource would get.</summary>
    public HttpClient Client() => _http.CreateClient("shop", () => []).Client;

    public void Dispose() => _http.Dispose();
}
