using Dlt.Internal;
using Dlt.Lake;
using Dlt.Local;
using Dlt.Storage;

namespace Dlt;

/// <summary>
/// An AWS account in a folder: S3 as plain files, Glue in SQLite, Athena on DuckDB. Several processes can use it at the same time.
/// </summary>
/// <remarks>Locations are <c>s3://…</c>, so tables have the same metadata as on AWS.</remarks>
public sealed class LocalAthena : LakeAccount
{
    private const string DefaultFolder = ".dlt-local";
    private const string LocalOption = "--local";
    private const string LakeBucket = "lake";
    private const string ResultsBucket = "results";

    private readonly Lazy<FolderObjectStore> _objects;
    private readonly Lazy<SqliteGlueCatalog> _glue;
    private readonly Lazy<DuckAthena> _athena;

    /// <summary>Creates an account in a folder. The folder is created by the first write.</summary>
    public LocalAthena(string folder)
    {
        Folder = Path.GetFullPath(folder);
        _objects = new(OpenObjects);
        _glue = new(OpenGlue);
        _athena = new(() => new DuckAthena(Glue, _objects.Value, Folder));
    }

    /// <summary>Full path of the account's folder.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public override IObjectStore Objects => _objects.Value;

    /// <inheritdoc/>
    public override IGlueCatalog Glue => _glue.Value;

    /// <inheritdoc/>
    public override IAthena Athena => _athena.Value;

    /// <inheritdoc/>
    public override string BucketUrl => "s3://" + LakeBucket;

    /// <inheritdoc/>
    public override string QueryResultBucket => "s3://" + ResultsBucket;

    /// <inheritdoc/>
    public override string PipelinesFolder => Path.Combine(Folder, "pipelines");

    /// <inheritdoc/>
    public override string? FolderOf(string location) =>
        Path.GetDirectoryName(new FolderObjectStore(ObjectsFolder).PathOf(ObjectLocation.Parse(location).Combine("x")));

    /// <inheritdoc/>
    public override LakeAccount ForPreview(string folder) => Exists ? this : new LocalAthena(Path.Combine(folder, "account"));

    private string ObjectsFolder => Path.Combine(Folder, "s3");

    /// <summary>True when the account's folder exists.</summary>
    public bool Exists => Directory.Exists(Folder);

    /// <summary>Opens the local account if <c>--local</c> is among the arguments; null otherwise, which means AWS.</summary>
    /// <param name="args">Arguments of the program.</param>
    /// <param name="configuration">May set another folder, <c>destination.athena.local_dir</c>; null to load the configuration of the
    /// current folder.</param>
    /// <exception cref="DltException">An argument is a misspelt <c>--local</c>, so the run would load into AWS.</exception>
    public static LocalAthena? From(string[] args, DltConfiguration? configuration = null)
    {
        if (args.Contains(LocalOption)) return Open(configuration);
        return args.FirstOrDefault(IsMisspelt) is not { } misspelt
            ? null
            : throw new DltException($"Unknown argument '{misspelt}'. The nearest one is '{LocalOption}'. "
                + $"Nothing was run; without {LocalOption} the run would load into AWS.");
    }

    /// <summary>
    /// Opens the configured local account: <c>destination.athena.local_dir</c>, or <c>.dlt-local</c> in the run's folder.
    /// </summary>
    public static LocalAthena Open(DltConfiguration? configuration = null)
    {
        configuration ??= DltConfiguration.Load();
        return new(
            Path.GetFullPath(configuration.GetString("destination.athena.local_dir") ?? DefaultFolder, configuration.Context.RunFolder));
    }

    /// <summary>Opens the catalog. SQLite flushes its commits, and the folder's directory entry is flushed before.</summary>
    private SqliteGlueCatalog OpenGlue()
    {
        MakeFolder(Folder);
        return new(Path.Combine(Folder, "glue.db"));
    }

    private FolderObjectStore OpenObjects()
    {
        MakeFolder(Path.Combine(ObjectsFolder, LakeBucket));
        MakeFolder(Path.Combine(ObjectsFolder, ResultsBucket));
        return new(ObjectsFolder);
    }

    /// <summary>True when one letter is wrong or missing, or letters are swapped; <c>--locale</c> and the like are other words.</summary>
    private static bool IsMisspelt(string argument)
    {
        if (!argument.StartsWith('-')) return false;
        var word = argument.TrimStart('-').ToLowerInvariant();
        var right = LocalOption.TrimStart('-');
        return word.Length <= right.Length && (NearestName.Near(word, [right]) is not null || word.Order().SequenceEqual(right.Order()));
    }

    private void MakeFolder(string folder)
    {
        try
        {
            DurableFolder.Create(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DltException($"The local account's folder {Folder} cannot be written: {Failure.Sentence(error)} Nothing was run. "
                + "Choose another one with destination.athena.local_dir.", error);
        }
    }
}
