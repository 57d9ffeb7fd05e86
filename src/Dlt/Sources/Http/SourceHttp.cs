using System.Net;
using Dlt.Internal;
using Dlt.Settings;

namespace Dlt.Sources.Http;

/// <summary>
/// Creates the HTTP clients of one source for one extraction. Its resources share connections and cookies, but not headers.
/// </summary>
/// <param name="settings">Settings of the section <c>runtime</c>.</param>
/// <param name="waits">Performs the waits between attempts.</param>
/// <param name="wrap">Wraps the network handler in the program's handlers; null for none.</param>
internal sealed class SourceHttp(
    RequestSettings settings, RetryWaits waits, Func<HttpMessageHandler, HttpMessageHandler>? wrap) : IDisposable
{
    private readonly ReachedHosts _hosts = new();
    private readonly Lazy<HttpMessageHandler> _network = new(() => Network(settings, wrap));

    /// <summary>Creates a separate client for a resource, over the shared connections.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="secrets">Returns names and locations of the secrets that the resource has read.</param>
    public (HttpClient Client, RetryHandler Retries) CreateClient(string source, Func<IReadOnlyCollection<string>> secrets)
    {
        var retries = new RetryHandler(settings, waits, _hosts, source, secrets) { InnerHandler = _network.Value };
        var client = new HttpClient(retries, disposeHandler: false);
        client.Timeout = Timeout.InfiniteTimeSpan;   // each attempt has its own limit
        client.DefaultRequestHeaders.UserAgent.ParseAdd("dlt-dotnet/0.1");
        return (client, retries);
    }

    /// <summary>Closes the shared connections.</summary>
    public void Dispose()
    {
        if (_network.IsValueCreated) _network.Value.Dispose();
    }

    private static HttpMessageHandler Network(RequestSettings settings, Func<HttpMessageHandler, HttpMessageHandler>? wrap)
    {
        var network = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = settings.Timeout > ReachedHosts.FirstContact ? ReachedHosts.FirstContact : settings.Timeout * 0.9,
        };
        if (wrap is null) return network;
        return wrap(network)
            ?? throw new InvalidOperationException(
                "PipelineOptions.HttpHandler returned null. Return the given one, or a handler around it.");
    }
}
