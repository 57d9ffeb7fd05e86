using System.Net;
using Dlt.Retries;
using Dlt.Settings;

namespace Dlt.Sources.Http;

/// <summary>The HTTP of one source during one extract: connections and cookies are shared by its resources, headers are not.</summary>
/// <param name="settings">The section <c>runtime</c>.</param>
/// <param name="waits">Waits between attempts.</param>
/// <param name="wrap">Puts the program's own handlers around the network; null for none.</param>
internal sealed class SourceHttp(
    RequestSettings settings, RetryWaits waits, Func<HttpMessageHandler, HttpMessageHandler>? wrap) : IDisposable
{
    private readonly ReachedHosts _hosts = new();
    private readonly Lazy<HttpMessageHandler> _network = new(() => Network(settings, wrap));

    /// <summary>A client of its own for a resource, over the shared connections.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="secrets">Names and places of the secrets that the resource has read.</param>
    public (HttpClient Client, RetryHandler Retries) CreateClient(string source, Func<IReadOnlyCollection<string>> secrets)
    {
        var retries = new RetryHandler(settings, waits, _hosts, source, secrets) { InnerHandler = _network.Value };
        var client = new HttpClient(retries, disposeHandler: false);
        client.Timeout = Timeout.InfiniteTimeSpan;   // each attempt has its own limit
        client.DefaultRequestHeaders.UserAgent.ParseAdd("dlt-dotnet/0.1");
        return (client, retries);
    }

    /// <summary>Closes the connections.</summary>
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
                "PipelineOptions.HttpHandler gave no handler. Return the given one, or a handler around it.");
    }
}
