using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dlt.Tests.Support.Services;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Method">Method of HTTP.</param>
/// <param name="Url">Path and query, as they were sent.</param>
/// <param name="Headers">Headers, whatever their case.</param>
/// <param name="Body">The body.</param>
internal sealed record WireRequest(string Method, string Url, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>A header; null if it was not sent.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>An answer of a service.</summary>
/// <param name="Status">Status of HTTP.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record WireAnswer(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>An answer that resets the connection instead.</summary>
    public static WireAnswer Reset { get; } = new(0, []);

    /// <summary>Length of the body where it is not sent, as for HEAD; null for that of <see cref="Body"/>.</summary>
    public long? Length { get; init; }

    /// <summary>True when the connection is reset in the middle of the body.</summary>
    public bool IsCutOff { get; init; }

    public static WireAnswer Xml(int status, string text) => new(status, Encoding.UTF8.GetBytes(text), ("Content-Type", "application/xml"));
}

/// <summary>
/// An HTTP server on a free port of loopback that can reset connections, which <see cref="HttpListener"/> cannot: it ends every response in
/// good order.
/// </summary>
internal sealed class WireServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<WireRequest, Task<WireAnswer>> _answer;
    private readonly Task _serving;

    public WireServer(Func<WireRequest, Task<WireAnswer>> answer)
    {
        _answer = answer;
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = Task.Run(AcceptAsync);
    }

    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test ends; a listener that was stopped between two clients says InvalidOperationException.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        client.NoDelay = true;
        try
        {
            await using var stream = new BufferedStream(client.GetStream());
            while (await ReadAsync(stream) is { } request)
            {
                var answer = await _answer(request);
                if (answer.Status > 0) await WriteAsync(stream, request, answer);
                if (answer.Status > 0 && !answer.IsCutOff) continue;
                client.Client.LingerState = new(true, 0);   // a reset, not an end
                client.Client.Close();
                return;
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or the test ends.
        }
    }

    private async Task<WireRequest?> ReadAsync(BufferedStream stream)
    {
        if (await LineAsync(stream) is not { Length: > 0 } first) return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(stream) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        if (headers.ContainsKey("Expect"))
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _end.Token);
            await stream.FlushAsync(_end.Token);
        }

        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _end.Token);
        var parts = first.Split(' ');
        return new(parts[0], parts[1], headers, body);
    }

    private async Task<string?> LineAsync(BufferedStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _end.Token) == 1)
        {
            if (one[0] == '\n') return line.ToString();
            if (one[0] != '\r') line.Append((char)one[0]);
        }

        return null;
    }

    private async Task WriteAsync(BufferedStream stream, WireRequest request, WireAnswer answer)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} {(HttpStatusCode)answer.Status}\r\n");
        foreach (var (name, value) in answer.Headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (answer.Status != 204) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Length ?? answer.Body.Length}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _end.Token);
        var sent = answer.IsCutOff ? answer.Body.Length / 2 : answer.Body.Length;
        if (request.Method != "HEAD") await stream.WriteAsync(answer.Body.AsMemory(0, sent), _end.Token);
        await stream.FlushAsync(_end.Token);
    }
}
