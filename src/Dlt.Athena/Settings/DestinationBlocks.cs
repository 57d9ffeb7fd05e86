using Dlt.Configuration;
using Dlt.Internal;

namespace Dlt.Destinations.Settings;

/// <summary>
/// The sections of a destination with a name, such as <c>[destination.athena_prod]</c> with its own bucket in
/// <c>[destination.athena_prod.filesystem]</c> or <c>[destination.filesystem_prod]</c> (docs/spec/athena-destination.md 1.1).
/// </summary>
/// <param name="Name">Name of the destination.</param>
internal sealed record DestinationBlocks(string Name)
{
    /// <summary>Name of a destination that nobody names.</summary>
    public const string DefaultName = "athena";

    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const string Root = "destination";
    private const string FilesystemName = "filesystem";
    private const string TypeName = "destination_type";

    /// <summary>The sections of a destination that nobody names.</summary>
    public static DestinationBlocks Default { get; } = new(DefaultName);

    /// <summary>The sections of the destination that a caller names, else that of <c>destination_name</c>, else the default one.</summary>
    public static DestinationBlocks Of(string? name, DltConfiguration configuration) =>
        new(name ?? configuration.GetString("pipelines.destination_name") ?? DefaultName);

    /// <summary>True for a destination with a name of its own.</summary>
    public bool IsNamed => Name != DefaultName;

    /// <summary>Section of the destination.</summary>
    public string[] Athena => [Root, Name];

    /// <summary>Section of the bucket that every destination may use.</summary>
    public string[] Filesystem => [Root, FilesystemName];

    /// <summary>Sections of the bucket that only this destination uses, the most specific first.</summary>
    public IReadOnlyList<string[]> OwnFilesystems =>
        !IsNamed ? []
        : Name.StartsWith(DefaultName + "_", Ordinal)
            ? [[Root, Name, FilesystemName], [Root, FilesystemName + Name[DefaultName.Length..]]]
            : [[Root, Name, FilesystemName]];

    /// <summary>Dotted name of <see cref="Athena"/>.</summary>
    public string AthenaSection => string.Join('.', Athena);

    /// <summary>The first of <see cref="OwnFilesystems"/> that has a setting; null if none has.</summary>
    public string[]? OwnFilesystemOf(DltConfiguration configuration, string? pipeline) =>
        OwnFilesystems.FirstOrDefault(s => IsSet(configuration, s, AthenaSpecs.Filesystem, pipeline));

    /// <summary>Refuses a name without settings, and a section of another type of destination.</summary>
    /// <param name="configuration">Configuration to search.</param>
    /// <param name="pipeline">Name of the pipeline; its own settings take precedence.</param>
    /// <exception cref="ConfigurationException">There is no such destination, or it is not of the type athena.</exception>
    public void Check(DltConfiguration configuration, string? pipeline)
    {
        if (!IsNamed) return;
        if (TypeOf(configuration, pipeline) is { } type && type is not ("athena" or "dlt.destinations.athena"))
            throw new ConfigurationException($"[{AthenaSection}] has destination_type '{type}', and only 'athena' is supported. Nothing "
                + "was run. Name another destination, or set destination_type = \"athena\" there.")
            { Fields = [TypeName] };
        if (IsSet(configuration, Athena, AthenaSpecs.Athena, pipeline)) return;
        if (OwnFilesystemOf(configuration, pipeline) is not null) return;
        var known = Tables(configuration).Select(t => t.Key).Where(n => !IsOfFiles(n)).Distinct().ToList();
        var hint = known.Count == 0 ? "" : $" Known are {string.Join(", ", known)}.{NearestName.Hint(Name, known)}";
        throw new ConfigurationException($"There is no destination '{Name}': the section [{AthenaSection}] does not exist. Nothing was run."
            + $"{hint} Correct the name, or write the section, with destination_type = \"athena\", into "
            + $"{Path.Combine(configuration.Context.SettingsFolder, "secrets.toml")}.")
        { Fields = ["destination_name"] };
    }

    /// <summary>Names of the sections of destinations: this one's, and those of others that declare their type.</summary>
    public IReadOnlyList<string> Known(DltConfiguration configuration)
    {
        var declared = Tables(configuration).Select(t => t.Key).Distinct()
            .Where(n => new DestinationBlocks(n).TypeOf(configuration, null) is not null);
        IEnumerable<string> names = [.. declared, Name];
        var files = names.SelectMany(n => new DestinationBlocks(n).OwnFilesystems).Where(s => IsOfFiles(s[1]));
        return [DefaultName, FilesystemName, .. names.Concat(files.Select(s => s[1])).Except([DefaultName, FilesystemName])];
    }

    /// <summary>The tables below <c>destination</c> in the files; one that is in both files comes twice.</summary>
    private static IEnumerable<KeyValuePair<string, JsonValue>> Tables(DltConfiguration configuration) =>
        configuration.Providers.OfType<TomlProvider>()
            .Select(p => p.Document[Root])
            .Where(d => d is { Kind: JsonKind.Object })
            .SelectMany(d => d!.Members)
            .Where(m => m.Value.Kind == JsonKind.Object);

    private static bool IsOfFiles(string name) => name.StartsWith(FilesystemName, Ordinal);

    private string? TypeOf(DltConfiguration configuration, string? pipeline) =>
        configuration.Find(TypeName, [Athena], pipeline, isSecret: false, null) is { Kind: JsonKind.String } type ? type.AsString() : null;

    /// <summary>True when a section has any setting of a record.</summary>
    private static bool IsSet(DltConfiguration configuration, string[] section, ConfigurationSpec spec, string? pipeline) =>
        spec.Fields.Concat(spec.Others).Any(f =>
            f.Synonyms.Prepend(f.Name).Any(n => configuration.Has(n, section, pipeline, f.IsSecret))
            || (f.Embedded is { } record && IsSet(configuration, [.. section, f.Name], record, pipeline)));
}
