using System.Net;
using System.Net.Sockets;

namespace Dlt.Tests.Support;

/// <summary>An HTTP server on a free port of loopback.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private int _calls;

    /// <param name="answer">Answers call number n, from 1.</param>
    public LoopbackServer(Func<HttpListenerContext, int, Task> answer)
    {
        (_listener, Url) = Listen();
        _serving = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    var call = await _listener.GetContextAsync();
                    _ = AnswerAsync(call, answer);
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The test ends.
            }
        });
    }

    public string Url { get; }

    public int Calls => _calls;

    /// <summary>Serves the files of a folder: <c>/a/b</c> is <c>a/b.json</c>; other paths are 404.</summary>
    public static LoopbackServer OfFolder(string folder) => new(async (call, _) =>
    {
        var file = Path.Combine(folder, call.Request.Url!.AbsolutePath.TrimStart('/') + ".json");
        if (File.Exists(file)) await WriteAsync(call, await File.ReadAllTextAsync(file));
        else call.Response.StatusCode = 404;
    });

    public static async Task WriteAsync(HttpListenerContext call, string body) =>
        await call.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));

    public async ValueTask DisposeAsync()
    {
        _listener.Abort();
        await _serving;
    }

    private static (HttpListener Listener, string Url) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            int port;
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }

            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return (listener, $"http://127.0.0.1:{port}");
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Another process took the port in between.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext call, Func<HttpListenerContext, int, Task> answer)
    {
        try
        {
            await answer(call, Interlocked.Increment(ref _calls));
            call.Response.Close();
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone, or the test cut the connection.
        }
    }
}
