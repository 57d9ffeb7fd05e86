using Dlt.Tests.Diagnostics;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Configuration;

/// <summary>Secrets of the configuration are not in trace.json, in the log or in stored errors, no matter who read them.</summary>
public sealed class SecretRegisterTests : IDisposable
{
    private const string SecretsFile = """
        pin = 471100
        [sources.shop]
        api_key = "k/very+secret=="
        login = "somebody"
        words = ["first-word", "second-word"]
        url = "postgres://loader:pa/SLASH?x@db/shop"
        body = "line one\nline \"two\""
        [sources.shop.headers]
        X-Name = "header-value"
        [destination.filesystem]
        bucket_url = "s3://shop-lake"
        [destination.filesystem.credentials]
        aws_secret_access_key = "aws-secret"
        region_name = "eu-central-1"
        """;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_secret_that_the_program_reads_is_in_no_trace_and_in_no_log(bool isPassed)
    {
        _folder.Write(".dlt/secrets.toml", SecretsFile);
        var configuration = Some.Configuration(_folder.Path);
        var key = configuration.GetString("sources.shop.api_key");
        var broken = Resource.Create("items", (_, _) => Broken($"No answer with {key}."));
        using var log = new KeptLog();
        var pipeline = Pipeline.Create("pipe", Athena.Destination(Some.Account(_folder)), "ds", new()
        {
            Configuration = isPassed ? configuration : Some.Configuration(_folder.Path),
            LoggerFactory = log,
            Warn = _ => { },
        });
        await Assert.ThrowsAnyAsync<DltException>(() => pipeline.RunAsync(broken, Cancellation));
        var trace = await File.ReadAllTextAsync(Path.Combine(pipeline.WorkingFolder, "trace.json"), Cancellation);
        Assert.Contains("No answer with …", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("very+secret", trace, StringComparison.Ordinal);
        Assert.Contains(log.Entries, e => e.Text.Contains("No answer with …", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Entries, e => e.Text.Contains("very+secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_is_in_no_logged_warning_and_in_no_error_of_a_job()
    {
        _folder.Write(".dlt/secrets.toml", SecretsFile);
        using var log = new KeptLog();
        var client = new FakeClient
        {
            On = call =>
            {
                if (call == "stage") throw new DltException("SlowDown for k/very+secret==.") { IsTransient = true };
            },
        };
        var pipeline = Pipeline.Create("pipe", new FakeDestination(() => client), "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = _folder.File("p"),
            LoggerFactory = log,
            Time = new NoWaits(),
        });
        await Assert.ThrowsAnyAsync<DltException>(() => pipeline.RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation));
        Assert.DoesNotContain(log.Entries, e => e.Text.Contains("very+secret", StringComparison.Ordinal));
        var stored = new PipelineWorkspace(_folder.File("p")).Find("pipe")!;
        var failures = stored.Read(stored.Packages().Single()).Jobs.SelectMany(j => j.Failures).ToList();
        Assert.NotEmpty(failures);
        Assert.All(failures, f => Assert.Contains("SlowDown for ….", f.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("k/very+secret==")]
    [InlineData("k%2Fvery%2Bsecret%3D%3D")]
    [InlineData("k%2fvery%2bsecret%3d%3d")]
    [InlineData("somebody")]
    [InlineData("471100")]
    [InlineData("second-word")]
    [InlineData("header-value")]
    [InlineData("pa/SLASH?x")]
    [InlineData("line one\\nline \\\"two\\\"")]
    [InlineData("aws-secret")]
    [InlineData("postgres://other:pa/SLASH@h/db")]
    public void Every_value_of_the_file_of_secrets_is_hidden_in_all_its_forms(string secret)
    {
        _folder.Write(".dlt/secrets.toml", SecretsFile);
        var shown = Some.Configuration(_folder.Path).Secrets.Hide($"No answer from '{secret}' now.");
        Assert.Matches("^No answer from '[^A-Za-z]*(postgres://…@h/db)?' now.$", shown);
    }

    [Theory]
    [InlineData("s3://shop-lake is not in eu-central-1")]
    [InlineData("The table has 4711 rows")]
    public void Settings_of_the_destination_that_are_no_secrets_stay_in_messages(string message)
    {
        _folder.Write(".dlt/secrets.toml", SecretsFile);
        Assert.Equal(message, Some.Configuration(_folder.Path).Secrets.Hide(message));
    }

    [Theory]
    [InlineData("SOURCES__SHOP__PASS", "hush-env")]
    [InlineData("SOURCES__SHOP__SESSION_COOKIE", "hush-env")]
    [InlineData("SOURCES__SHOP__BEARER", "hush-env")]
    [InlineData("DESTINATION__FILESYSTEM__CREDENTIALS", """{"aws_secret_access_key":"hush-env","region_name":"eu-central-1"}""")]
    public void A_variable_with_the_name_of_a_secret_is_hidden_before_it_is_read(string name, string value)
    {
        var context = RunContext.Of(_folder.Path, n => n == name ? value : null) with { EnvironmentNames = [name] };
        Assert.Equal("… in eu-central-1", DltConfiguration.Load(context).Secrets.Hide("hush-env in eu-central-1"));
    }

    [Fact]
    public void A_setting_that_is_read_as_a_secret_is_hidden_in_every_copy_of_the_configuration()
    {
        var loaded = Some.Configuration(_folder.Path, ("SOURCES__SHOP__LOGIN", "somebody"));
        var copy = loaded.With(new Vault());
        Assert.Equal("somebody, vaulted", loaded.Secrets.Hide("somebody, vaulted"));
        new SourceSettings(copy, "shop").GetSecret<string>("login");
        Assert.Equal("vaulted", copy.GetString("sources.shop.region"));
        Assert.Equal("…, …", loaded.Secrets.Hide("somebody, vaulted"));
    }

    private static async IAsyncEnumerable<JsonValue> Broken(string message)
    {
        await Task.Yield();
        yield return Some.Item("""{"a":1}""");
        throw new InvalidOperationException(message);
    }

    /// <summary>A provider of the program that may contain secrets.</summary>
    private sealed class Vault : IConfigurationProvider
    {
        public string Name => "vault";

        public bool SupportsSecrets => true;

        public bool IsEmpty => false;

        public string KeyOf(string field, IReadOnlyList<string> sections) => field;

        public JsonValue? Find(string field, IReadOnlyList<string> sections, bool isSecret) =>
            field == "region" ? JsonValue.String("vaulted") : null;

        public string? LocationOf(string field, IReadOnlyList<string> sections) => null;
    }
}
