using Dlt.Json;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Golden.Athena;

/// <summary>A local account of its own for one case. It counts calls and injects the faults of the case.</summary>
internal sealed class CaseAccount : LakeAccount, IDisposable
{
    private readonly LocalAthena _account;
    private readonly string _bucketUrl;

    /// <param name="folder">An empty folder.</param>
    /// <param name="bucketUrl">Location of the datasets.</param>
    public CaseAccount(string folder, string bucketUrl)
    {
        _account = new(folder);
        _bucketUrl = bucketUrl;
        var bucket = new Uri(bucketUrl).Host;
        Directory.CreateDirectory(Path.Combine(folder, "s3", bucket));
        Objects = CallProxy.Over(_account.Objects, Calls);
        Glue = CallProxy.Over(_account.Glue, Calls);
        Merges = new(_account.Athena);
        Athena = CallProxy.Over<IAthena>(new AnyCatalogAthena(Merges), Calls);
    }

    /// <summary>Calls and faults of the current run.</summary>
    public CallLog Calls { get; } = new();

    /// <summary>Answers the statements of merges.</summary>
    public MergeAnswers Merges { get; }

    public override IObjectStore Objects { get; }

    public override IGlueCatalog Glue { get; }

    public override IAthena Athena { get; }

    public override string BucketUrl => _bucketUrl;

    public override string QueryResultBucket => _account.QueryResultBucket;

    /// <summary>The account without counts and faults, for those who look at the result.</summary>
    public LocalAthena Inner => _account;

    /// <summary>Puts the objects and the catalog of a frozen dataset into the account.</summary>
    public async Task FillAsync(string frozen, CancellationToken cancellationToken)
    {
        var objects = Path.Combine(frozen, "s3");
        foreach (var file in Directory.GetFiles(objects, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var location = ObjectLocation.Parse("s3://" + Path.GetRelativePath(objects, file).Replace('\\', '/'));
            Directory.CreateDirectory(Path.Combine(_account.Folder, "s3", location.Bucket));
            var content = await File.ReadAllBytesAsync(file, cancellationToken);
            await _account.Objects.PutAsync(location, content, cancellationToken: cancellationToken);
        }

        var glue = Path.Combine(frozen, "glue");
        foreach (var database in Read(Path.Combine(glue, "GetDatabases.json"))["DatabaseList"]!.Items)
            await _account.Glue.CreateDatabaseAsync(GlueJson.ReadDatabase(JsonText.Write(database)), cancellationToken);
        foreach (var file in Directory.GetFiles(glue, "GetTables.*.json"))
            foreach (var table in Read(file)["TableList"]!.Items)
                await _account.Glue.CreateTableAsync(table["DatabaseName"]!.AsString(), GlueJson.ReadTable(table), cancellationToken);
    }

    public void Dispose() => Directory.Delete(_account.Folder, recursive: true);

    private static JsonValue Read(string file) => JsonParser.Parse(File.ReadAllBytes(file), file);
}
