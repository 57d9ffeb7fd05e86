using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Dlt;

/// <summary>
/// Answers HTTP requests of sources from the files of a folder instead of the network, for demonstrations and for tests of pipelines.
/// </summary>
/// <remarks>
/// <c>GET https://api.example.com/orders?page=2</c> is answered by the file <c>orders@page=2.json</c>, and <c>/players/ann</c> by
/// <c>players/ann.json</c>. The file name is the path of the address, followed by <c>@</c> and the query, and by <c>.json</c> unless a file
/// without that extension exists. The host is ignored. The status is 404 without a file, and 405 for methods other than GET.
/// </remarks>
/// <param name="folder">Folder with the files.</param>
/// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
public sealed class RecordedAnswers(string folder) : HttpMessageHandler
{
    /// <summary>Program argument that is followed by the folder.</summary>
    internal const string Argument = "--offline";

    private readonly string _folder = Directory.Exists(folder)
        ? Path.GetFullPath(folder)
        : throw new DirectoryNotFoundException($"The folder of recorded answers does not exist: {Path.GetFullPath(folder)}");

    /// <summary>
    /// Creates a handler for <see cref="PipelineOptions.HttpHandler"/> if the arguments contain <c>--offline &lt;folder&gt;</c>. Otherwise
    /// returns null, and requests go to the network.
    /// </summary>
    /// <param name="args">Arguments of the program.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static Func<HttpMessageHandler, HttpMessageHandler>? From(string[] args)
    {
        var folder = ValueOf(args);
        if (folder is null) return null;
        return network =>
        {
            network.Dispose();
            return new RecordedAnswers(folder);
        };
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get) return Empty(HttpStatusCode.MethodNotAllowed, request);
        if (FileOf(request.RequestUri!) is not { } file) return Empty(HttpStatusCode.NotFound, request);
        var content = new ByteArrayContent(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false));
        var type = Path.GetExtension(file) == ".json" ? "application/json" : "application/octet-stream";
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new(HttpStatusCode.OK) { RequestMessage = request, Content = content };
    }

    private static HttpResponseMessage Empty(HttpStatusCode status, HttpRequestMessage request) =>
        new(status) { RequestMessage = request, Content = new StringContent("", Encoding.UTF8, "application/json") };

    /// <summary>Returns the file that answers a request; null when there is none below the folder.</summary>
    private string? FileOf(Uri address)
    {
        var name = Uri.UnescapeDataString(address.AbsolutePath).Trim('/');
        if (address.Query.Length > 1) name += "@" + address.Query[1..];
        var path = Path.GetFullPath(Path.Combine(_folder, name));
        if (!path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return null;
        return new[] { path, path + ".json" }.FirstOrDefault(File.Exists);
    }

    private static string? ValueOf(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == Argument) return i + 1 < args.Length ? args[i + 1] : null;
            if (args[i].StartsWith(Argument + "=", StringComparison.Ordinal)) return args[i][(Argument.Length + 1)..];
        }

        return null;
    }
}
