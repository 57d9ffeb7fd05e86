using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Dlt.Json;

namespace Dlt.Golden.Rest;

/// <summary>
/// One connection of the real client to the API of a case, in memory: HTTP/1.1 over two pipes, with one request. Redirects, cookies,
/// packed and broken bodies go the way that they go over a network.
/// </summary>
internal static class CaseConnection
{
    /// <summary>Connects the network handler to the API instead of to hosts.</summary>
    public static HttpMessageHandler Connect(HttpMessageHandler network, Func<CaseApi> api)
    {
        var sockets = (SocketsHttpHandler)network;
        sockets.UseProxy = false;
        sockets.ConnectCallback = (_, _) =>
        {
            var (toServer, toClient) = (new Pipe(), new Pipe());
            _ = ServeAsync(api(), toServer.Reader.AsStream(), toClient.Writer.AsStream());
            return ValueTask.FromResult<Stream>(new DuplexStream(toClient.Reader.AsStream(), toServer.Writer.AsStream()));
        };
        return sockets;
    }

    private static async Task ServeAsync(CaseApi api, Stream input, Stream output)
    {
        await using (input)
        await using (output)
        {
            if (await ReadAsync(input) is { } request) await WriteAsync(output, api.Answer(request));
        }
    }

    private static async Task<CaseRequest?> ReadAsync(Stream input)
    {
        var head = new MemoryStream();
        var end = "\r\n\r\n"u8.ToArray();
        var one = new byte[1];
        while (!head.ToArray().AsSpan().EndsWith(end))
        {
            if (await input.ReadAsync(one) == 0) return null;
            head.Write(one);
        }

        var lines = Encoding.Latin1.GetString(head.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var start = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(l => l.Split(':', 2)).Select(l => KeyValuePair.Create(l[0], l[1].Trim())).ToList();
        var request = new CaseRequest(start[0], start[1], headers, default);
        return request with { Body = await BodyAsync(input, request) };
    }

    private static async Task<byte[]> BodyAsync(Stream input, CaseRequest request)
    {
        if (request.Header("Content-Length") is { } length)
        {
            var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await input.ReadExactlyAsync(body);
            return body;
        }

        return request.Header("Transfer-Encoding") is null ? [] : throw new NotSupportedException("The server reads no chunks.");
    }

    private static async Task WriteAsync(Stream output, JsonValue answer)
    {
        if (answer["drop"] is { Kind: JsonKind.True }) return;
        var status = answer["status"]?.AsInt64() ?? 200;
        var body = Body(answer, out var type);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {Reason(status)}\r\nConnection: close\r\n");
        var headers = answer["headers"]?.Members.AsEnumerable() ?? [];
        if (type is not null && !headers.Any(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        foreach (var (name, value) in headers)
            foreach (var line in value.Kind == JsonKind.Array ? value.Items.Select(i => i.AsString()) : [value.AsString()])
                head.Append(CultureInfo.InvariantCulture, $"{name}: {line}\r\n");
        if (answer["gzip"] is { Kind: JsonKind.True })
        {
            body = Packed(body);
            head.Append("Content-Encoding: gzip\r\n");
        }

        if (status is not (204 or 304)) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        head.Append("\r\n");
        await output.WriteAsync(Encoding.Latin1.GetBytes(head.ToString()));
        await output.WriteAsync(answer["cut"] is { Kind: JsonKind.True } ? body.AsMemory(0, body.Length / 2) : body);
        await output.FlushAsync();
    }

    private static byte[] Body(JsonValue answer, out string? type)
    {
        type = answer["json"] is not null ? "application/json" : answer["text"] is not null ? "text/plain; charset=utf-8" : null;
        if (answer["json"] is { } json) return JsonText.WriteExact(json);
        if (answer["text"] is { } text) return Encoding.UTF8.GetBytes(text.AsString());
        return answer["base64"] is { } bytes ? Convert.FromBase64String(bytes.AsString()) : [];
    }

    private static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(body);
        return packed.ToArray();
    }

    private static string Reason(long status) => ((System.Net.HttpStatusCode)status).ToString();

    /// <summary>Reads from one stream and writes to another one.</summary>
    private sealed class DuplexStream(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => output.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            input.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            output.WriteAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
                output.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
