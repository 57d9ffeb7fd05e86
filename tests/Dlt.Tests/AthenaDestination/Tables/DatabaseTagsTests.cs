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
        Assert.Equal(["GetResourceLFTags", "GetLFTag", "AddLFTagsToResource " + request], Calls("tagged"));
        await RunAsync(recorder.Url, on);
        Assert.Equal(["GetResourceLFTags"], Calls("tagged"));
        await RunAsync(recorder.Url, off);
        Assert.Equal(["GetResourceLFTags", "RemoveLFTagsFromResource " + request], Calls("tagged"));
        await RunAsync(recorder.Url, off);
        Assert.Equal(["GetResourceLFTags"], Calls("tagged"));
    }

    [Theory, Scenario("X-24")]
    [InlineData("nothing", "x", "there is no tag 'nothing'")]
    [InlineData("domain", "sale", "its values are sales, stock")]
    public async Task A_tag_that_does_not_exist_is_named_before_anything_is_extracted(string key, string value, string reason)
    {
        var moto = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(moto, Bucket);
        await using var recorder = new AwsRecorder(moto) { Answer = AnswerAsync };
        var dataset = "untagged_" + key;
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(
            recorder.Url, $"[destination.athena.lakeformation_config]\nenabled = true\ntags = {{ {key} = \"{value}\" }}\n", dataset));
        Assert.Contains($"{key}={value} of Lake Formation: {reason}", error.Message, StringComparison.Ordinal);
        Assert.Empty(new PipelineWorkspace(_folder.File(dataset)).Find("pipe")?.Packages() ?? []);
        Assert.DoesNotContain("glue:CreateDatabase", recorder.Actions);
    }

    [Fact]
    public async Task A_tag_whose_definition_may_not_be_read_is_refused_by_the_load()
    {
        var moto = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(moto, Bucket);
        await using var recorder = new AwsRecorder(moto) { Answer = AnswerAsync };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(
            recorder.Url, "[destination.athena.lakeformation_config]\nenabled = true\ntags = { secret = \"nothing\" }\n", "denied"));
        Assert.Contains("were not given to the database 'denied'", error.Message, StringComparison.Ordinal);
    }

    private List<string> Calls(string database)
    {
        var calls = new List<string>();
        while (_calls.TryDequeue(out var call))
        {
            var isRead = call.StartsWith("Get", StringComparison.Ordinal);
            if (call.StartsWith("GetLFTag ", StringComparison.Ordinal) || call.Contains($"\"{database}\"", StringComparison.Ordinal))
                calls.Add(isRead ? call[..call.IndexOf(' ')] : call);
        }

        return calls;
    }

    /// <summary>A Lake Formation that knows the tag <c>domain</c>.</summary>
    private async Task<bool> AnswerAsync(HttpListenerContext call)
    {
        var operation = call.Request.Url!.AbsolutePath.Trim('/');
        if (!operation.Contains("LFTag", StringComparison.Ordinal)) return false;
        using var reader = new StreamReader(call.Request.InputStream);
        var text = await reader.ReadToEndAsync();
        _calls.Enqueue($"{operation} {text}");
        var body = JsonParser.Parse(text);
        if (operation == "GetLFTag") return await DefineAsync(call, body["TagKey"]!.AsString());
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

    /// <summary>Answers with the definition of a tag: the account has <c>domain</c>, and hides <c>secret</c>.</summary>
    private static async Task<bool> DefineAsync(HttpListenerContext call, string key)
    {
        if (key != "domain") call.Response.StatusCode = 400;
        await LoopbackServer.WriteAsync(call, key switch
        {
            "domain" => """{"CatalogId":"111122223333","TagKey":"domain","TagValues":["sales","stock"]}""",
            "secret" => """{"__type":"AccessDeniedException","Message":"Insufficient Lake Formation permission(s)"}""",
            _ => """{"__type":"EntityNotFoundException","Message":"Tag key does not exist"}""",
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
