using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dlt.Packages;
using Dlt.Sources.Files;

namespace Dlt.Cli.Loading;

/// <summary>
/// The inputs of one load: all of them are looked at, and pipes are read, before the pipeline is locked and anything is packed.
/// </summary>
internal sealed class LoadInputs : IDisposable
{
    private readonly List<ProbedFile> _files = [];
    private readonly StringBuilder _names = new();
    private readonly StringBuilder _identity = new();
    private readonly string _workingFolder;
    private readonly ReadingOptions _options;
    private PipeSpool? _spool;

    private LoadInputs(string workingFolder, ReadingOptions options) => (_workingFolder, _options) = (workingFolder, options);

    /// <summary>The files in order, with their formats.</summary>
    public IReadOnlyList<ProbedFile> Files => _files;

    /// <summary>
    /// The same text for the same files, unchanged, and for pipes that delivered the same bytes; so a load that is repeated is known.
    /// </summary>
    public string Identity => RunKey.Of(Hash(_names), Hash(_identity));

    /// <summary>Looks at all inputs.</summary>
    /// <param name="paths">Where they are.</param>
    /// <param name="options">What is said of them.</param>
    /// <param name="table">The table that they go to.</param>
    /// <param name="workingFolder">The working folder of the pipeline, for what pipes deliver.</param>
    /// <param name="cancellationToken">Stops, also while a pipe is silent.</param>
    /// <exception cref="DltException">One cannot be read, or its format is not known.</exception>
    public static async Task<LoadInputs> OpenAsync(
        IReadOnlyList<InputPath> paths, ReadingOptions options, string table, string workingFolder, CancellationToken cancellationToken)
    {
        var inputs = new LoadInputs(workingFolder, options);
        try
        {
            inputs._names.Append(table).Append('\n');
            inputs._identity.Append(CultureInfo.InvariantCulture, $"{options.Format} {options.Csv} {options.Encoding?.WebName}\n");
            // what is wrong with a file is said before a pipe is waited for
            var ready = paths.Select(p => p.IsPipe ? null : inputs.Look(p)).ToList();
            for (var i = 0; i < paths.Count; i++) inputs._files.Add(ready[i] ?? await inputs.ReadAsync(paths[i], cancellationToken));
            for (var i = 0; i < paths.Count; i++)
                if (inputs._files[i].MustBeUnpacked) inputs._files[i] = await inputs.UnpackAsync(inputs._files[i], cancellationToken);
            return inputs;
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    public void Dispose() => _spool?.Dispose();

    private PipeSpool Spool => _spool ??= PipeSpool.Create(_workingFolder);

    private ProbedFile Look(InputPath path)
    {
        var probed = FormatProbe.Look(new(path.Path), _options with { Command = path.Command });
        var info = new FileInfo(path.Path);
        _names.Append(path.Path).Append('\n');
        _identity.Append(CultureInfo.InvariantCulture, $"{path.Path} {info.Length} {info.LastWriteTimeUtc.Ticks}\n");
        return probed;
    }

    private async Task<ProbedFile> ReadAsync(InputPath path, CancellationToken cancellationToken)
    {
        var isStandardInput = path.Name == InputPath.StandardInput;
        if (isStandardInput && !Console.IsInputRedirected) await Console.Error.WriteLineAsync("Reads the terminal. End the input with "
            + "Ctrl-D on a line of its own.");
        var (file, hash) = await Spool.ReadAsync(() => Open(path), path.ShownName, cancellationToken);
        _names.Append(CultureInfo.InvariantCulture, $"{path.Name} {hash}\n");   // other bytes are another input
        return FormatProbe.Look(file, _options with { Command = path.Command });
    }

    private async Task<ProbedFile> UnpackAsync(ProbedFile packed, CancellationToken cancellationToken) =>
        FormatProbe.Look(await Spool.UnpackAsync(packed.File, cancellationToken), _options);

    private static string Hash(StringBuilder text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

    private static Stream Open(InputPath path) =>
        path.Name == InputPath.StandardInput
        ? Console.OpenStandardInput()
        : CompressedFile.OpenFile(new InputFile(path.Path) { Name = path.Name });
}
