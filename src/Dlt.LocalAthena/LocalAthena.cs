using Dlt.Configuration;
using Dlt.Lake;
using Dlt.Local;
using Dlt.Storage;

namespace Dlt;

/// <summary>An AWS account in a folder: S3 as plain files, Glue in SQLite, Athena on DuckDB. Safe for several processes.</summary>
/// <remarks>Locations inside read <c>s3://…</c>, so a table made here differs from one on AWS in nothing but the disk.</remarks>
public sealed class LocalAthena : LakeAccount
{
    private const string DefaultFolder = ".dlt-local";
    private const string LocalOption = "--local";
    private const string LakeBucket = "lake";
    private const string ResultsBucket = "results";

    private readonly Lazy<FolderObjectStore> _objects;
    private readonly Lazy<SqliteGlueCatalog> _glue;
    private readonly Lazy<DuckAthena> _athena;

    /// <summary>The account in a folder; the folder is made when something is written.</summary>
    public LocalAthena(string folder)
    {
        Folder = Path.GetFullPath(folder);
        _objects = new(OpenObjects);
        _glue = new(OpenGlue);
        _athena = new(() => new DuckAthena(Glue, _objects.Value, Folder));
    }

    /// <summary>The folder.</summary>
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
        Path.GetDirectoryName(_objects.Value.PathOf(ObjectLocation.Parse(location).Combine("x")));

    /// <summary>True when the account's folder exists.</summary>
    public bool Exists => Directory.Exists(Folder);

    /// <summary>The local account when <c>--local</c> is among the arguments; null otherwise, and then the destination is AWS.</summary>
    /// <param name="args">Arguments of the program.</param>
    /// <param name="configuration">Names another folder by <c>destination.athena.local_dir</c>; that of the current folder by
    /// default.</param>
    /// <exception cref="DltException">An argument is a misspelt <c>--local</c>: the run would go to AWS.</exception>
    public static LocalAthena? From(string[] args, DltConfiguration? configuration = null)
    {
        if (args.Contains(LocalOption)) return Open(configuration);
        return args.FirstOrDefault(IsMisspelt) is not { } misspelt
            ? null
            : throw new DltException($"Unknown argument '{misspelt}'. The nearest one is '{LocalOption}'. "
                + $"Nothing was run; without {LocalOption} the run would load into AWS.");
    }

    /// <summary>The configured local account: <c>.dlt-local</c> below the run's folder, or <c>destination.athena.local_dir</c>.</summary>
    public static LocalAthena Open(DltConfiguration? configuration = null)
    {
        configuration ??= DltConfiguration.Load();
        return new(
            Path.GetFullPath(configuration.GetString("destination.athena.local_dir") ?? DefaultFolder, configuration.Context.RunFolder));
    }

    /// <summary>SQLite flushes what it commits; the folder's own name is flushed before.</summary>
    private SqliteGlueCatalog OpenGlue()
    {
        MakeFolder(Folder);
        return new(Path.Combine(Folder, "glue.db"));
    }

    private FolderObjectStore OpenObjects()
    {
        var folder = Path.Combine(Folder, "s3");
        MakeFolder(Path.Combine(folder, LakeBucket));
        MakeFolder(Path.Combine(folder, ResultsBucket));
        return new(folder);
    }

    /// <summary>One letter wrong, left out or exchanged with its neighbour; <c>--locale</c> and the like are words of their own.</summary>
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
            throw new DltException($"The local account's folder {Folder} cannot be written: {error.Message} Nothing was run. Choose "
                + "another with destination.athena.local_dir.", error);
        }
    }
}
