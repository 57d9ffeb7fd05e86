using System.Collections.Concurrent;
using System.Net;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>LF-tags of databases: read first, written where they differ; requests as dlt makes them (golden lakeformation_on).</summary>
public sealed class DatabaseTagsTests : IDisposable
{
    private const string Bucket = "lf-tags";

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, JsonValue> _tags = [];
    private readonly ConcurrentQueue<string> _calls = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact, Scenario("T-05"), Scenario("T-81"), Scenario("T-82"), Scenario("T-83"), Scenario("T-92")]
    public async Task Tags_are_given_once_kept_and_taken_and_are_left_alone_without_the_setting()
    {
        var moto = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(moto, Bucket);
        await using var recorder = new AwsRecorder(moto) { Answer = AnswerAsync };
        const string on = "[destination.athena.lakeformation_config]\nenabled = true\ntags = { domain = \"sales\" }\n";
        const string off = "[destination.athena.lakeformation_config]\nenabled = false\n";
        const string request = """{"Resource":{"Database":{"Name":"tagged"}},"LFTags":[{"TagKey":"domain","TagValues":["sales"]}]}""";

        await RunAsync(recorder.Url, "");
        Assert.Empty(_calls);
        await RunAsync(recorder.Url, on);
        Assert.Equal(["GetResourceLFTags", "AddLFTagsToResource " + request], Calls("tagged"));
        await RunAsync(recorder.Url, on);
        Assert.Equal(["GetResourceLFTags"], Calls("tagged"));
        await RunAsync(recorder.Url, off);
        Assert.Equal(["GetResourceLFTags", "RemoveLFTagsFromResource " + request], Calls("tagged"));
        await RunAsync(recorder.Url, off);
        Assert.Equal(["GetResourceLFTags"], Calls("tagged"));
    }

    [Fact]
    public async Task A_tag_that_does_not_exist_is_named_and_the_load_is_not_valid()
    {
        var moto = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(moto, Bucket);
        await using var recorder = new AwsRecorder(moto) { Answer = AnswerAsync };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(
            recorder.Url, "[destination.athena.lakeformation_config]\nenabled = true\ntags = { nothing = \"x\" }\n", "untagged"));
        Assert.Contains("nothing=x", error.Message, StringComparison.Ordinal);
    }

    private List<string> Calls(string database)
    {
        var calls = new List<string>();
        while (_calls.TryDequeue(out var call))
            if (call.Contains($"\"{database}\"", StringComparison.Ordinal)) calls.Add(call.StartsWith("Get", StringComparison.Ordinal)
                ? call[..call.IndexOf(' ')] : call);
        return calls;
    }

    /// <summary>A Lake Formation that knows the tag <c>domain</c>.</summary>
    private async Task<bool> AnswerAsync(HttpListenerContext call)
    {
        var operation = call.Request.Url!.AbsolutePath.Trim('/');
        if (!operation.Contains("LFTags", StringComparison.Ordinal)) return false;
        using var reader = new StreamReader(call.Request.InputStream);
        var text = await reader.ReadToEndAsync();
        _calls.Enqueue($"{operation} {text}");
        var body = JsonParser.Parse(text);
        var database = body["Resource"]!["Database"]!["Name"]!.AsString();
        var isUnknown = text.Contains("nothing", StringComparison.Ordinal);
        if (operation == "AddLFTagsToResource" && !isUnknown) _tags[database] = body["LFTags"]!;
        if (operation == "RemoveLFTagsFromResource") _tags.TryRemove(database, out _);
        var tags = _tags.GetValueOrDefault(database, JsonValue.EmptyArray);
        await LoopbackServer.WriteAsync(call, (operation, isUnknown) switch
        {
            ("GetResourceLFTags", _) => $$"""{"LFTagOnDatabase":{{JsonText.Write(tags)}}}""",
            (_, true) => """
                {"Failures":[{"LFTag":{"TagKey":"nothing","TagValues":["x"]},
                "Error":{"ErrorCode":"EntityNotFoundException","ErrorMessage":"Tag or tag value does not exist."}}]}
                """,
            _ => """{"Failures":[]}""",
        });
        return true;
    }

    private async Task RunAsync(string url, string tags, string dataset = "tagged")
    {
        _folder.Write(".dlt/secrets.toml", $"""
            [destination.filesystem]
            bucket_url = "s3://{Bucket}/data"
            [destination.filesystem.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            endpoint_url = "{url}"
            [destination.athena.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            region_name = "{Moto.Region}"
            endpoint_url = "{url}"
            {tags}
            """);
        await Pipeline.Create("pipe", Athena.Destination(), dataset, new()
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = _folder.File(dataset),
            Warn = _ => { },
        }).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
    }
}
