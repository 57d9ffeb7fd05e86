using System.Collections.Concurrent;
using System.Net;
using System.Text;
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
    private readonly Lazy<HttpMessageHandler> _network = new(() => Network(settings, wrap, isPlain: false));
    private readonly ConcurrentDictionary<object, Lazy<object>> _shared = [];

    /// <summary>Clock of the run.</summary>
    public TimeProvider Time => waits.Time;

    /// <summary>Shows a warning to the user.</summary>
    public void Warn(string line) => waits.Say(line);

    /// <summary>Creates a separate client for a resource, over the shared connections.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="secrets">Returns names and locations of the secrets that the resource has read.</param>
    public (HttpClient Client, RetryHandler Retries) CreateClient(string source, Func<IReadOnlyCollection<string>> secrets) =>
        CreateClient(source, secrets, _network.Value);

    /// <summary>Creates a client over a network of its own.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="secrets">Returns names and locations of the secrets that the resource has read.</param>
    /// <param name="network">Handler that sends every attempt. The caller disposes it.</param>
    public (HttpClient Client, RetryHandler Retries) CreateClient(
        string source, Func<IReadOnlyCollection<string>> secrets, HttpMessageHandler network)
    {
        var retries = new RetryHandler(settings, waits, _hosts, source, secrets) { InnerHandler = network };
        var client = new HttpClient(retries, disposeHandler: false);
        client.Timeout = Timeout.InfiniteTimeSpan;   // each attempt has its own limit
        client.DefaultRequestHeaders.UserAgent.ParseAdd("dlt-dotnet/0.1");
        return (client, retries);
    }

    /// <summary>Creates a network handler that follows no redirects and keeps no cookies, in the program's handlers.</summary>
    public HttpMessageHandler CreatePlainNetwork() => Network(settings, wrap, isPlain: true);

    /// <summary>Returns the object that the resources of the source share under a key, and creates it when there is none.</summary>
    /// <param name="key">Key of the object.</param>
    /// <param name="create">Creates the object. It is disposed at the end of the extraction.</param>
    public T Shared<T>(object key, Func<T> create)
        where T : class, IDisposable => (T)_shared.GetOrAdd(key, _ => new(create)).Value;

    /// <summary>Closes the shared connections.</summary>
    public void Dispose()
    {
        foreach (var shared in _shared.Values.Where(s => s.IsValueCreated)) ((IDisposable)shared.Value).Dispose();
        if (_network.IsValueCreated) _network.Value.Dispose();
    }

    /// <summary>Returns the encoding of a header: Latin-1 as HTTP has it, UTF-8 for other letters; null for ASCII.</summary>
    private static Encoding? EncodingOf(string name, HttpRequestMessage request)
    {
        if (!request.Headers.NonValidated.TryGetValues(name, out var values)) return null;
        var most = values.SelectMany(v => v).DefaultIfEmpty().Max();
        return most < 128 ? null : most < 256 ? Encoding.Latin1 : Encoding.UTF8;
    }

    private static HttpMessageHandler Network(
        RequestSettings settings, Func<HttpMessageHandler, HttpMessageHandler>? wrap, bool isPlain)
    {
        var network = new SocketsHttpHandler
        {
            AllowAutoRedirect = !isPlain,
            UseCookies = !isPlain,
            RequestHeaderEncodingSelector = isPlain ? EncodingOf : null,
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
