using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dlt.Files;
using Dlt.Sources.Files;
using Dlt.Workspace;

namespace Dlt.Internal;

/// <summary>
/// The inputs of one load, in any formats. Before a run begins, all of them are checked and pipes are read to their ends: nothing is packed
/// if one cannot be read, and a silent pipe does not hold the lock of the pipeline.
/// </summary>
/// <remarks>Dispose it after the run; this deletes the copies of pipes.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FileInputs : IDisposable
{
    private readonly List<ProbedFile> _files = [];
    private readonly StringBuilder _names = new();
    private readonly StringBuilder _content = new();
    private readonly string _workingFolder;
    private readonly FileReadingOptions _options;
    private PipeSpool? _spool;

    private FileInputs(string workingFolder, FileReadingOptions options) => (_workingFolder, _options) = (workingFolder, options);

    /// <summary>Opens all inputs. Files come first, so errors in them are reported before a pipe is awaited.</summary>
    /// <param name="inputs">Inputs in the order of their rows.</param>
    /// <param name="options">Options for reading the files.</param>
    /// <param name="workingFolder">Working folder of the pipeline, for copies of pipes (<see cref="Pipeline.WorkingFolder"/>).</param>
    /// <param name="cancellationToken">Stops, also while a pipe is silent.</param>
    /// <exception cref="DltException">An input cannot be read, or its format is unknown. No copies remain.</exception>
    public static async Task<FileInputs> OpenAsync(
        IReadOnlyList<FileInput> inputs, FileReadingOptions options, string workingFolder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var opened = new FileInputs(workingFolder, options);
        try
        {
            opened._content.Append(CultureInfo.InvariantCulture, $"{options.Format} {options.Csv} {options.Encoding?.WebName}\n");
            var ready = inputs.Select(i => i.IsPipe ? null : opened.Look(i)).ToList();
            for (var i = 0; i < inputs.Count; i++)
                opened._files.Add(ready[i] ?? await opened.CopyAsync(inputs[i], cancellationToken).ConfigureAwait(false));
            for (var i = 0; i < inputs.Count; i++)
                if (opened._files[i].MustBeUnpacked)
                    opened._files[i] = await opened.UnpackAsync(opened._files[i], cancellationToken).ConfigureAwait(false);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes a resource of the inputs: first the CSV, Parquet and Arrow files, then the JSON files, each in the given order.
    /// </summary>
    /// <param name="name">Name of the resource and its table.</param>
    /// <param name="hints">Hints for the table.</param>
    public Resource ToResource(string name, ResourceHints? hints = null) =>
        FileResource.Create(name, _files, hints, _options);

    /// <summary>
    /// A key that identifies a load of these inputs, so that a repeated load is recognized. It is the same for the same unchanged files,
    /// and for pipes that delivered the same bytes.
    /// </summary>
    /// <param name="subject">Further identification of the load, such as its table.</param>
    /// <param name="how">Further options that affect the rows.</param>
    public RunKey KeyOf(string subject, string how) => new(Hash($"{subject}\n{_names}"), $"{Hash(_content.ToString())} {how}");

    /// <inheritdoc/>
    public void Dispose() => _spool?.Dispose();

    private PipeSpool Spool => _spool ??= PipeSpool.Create(_workingFolder);

    private ProbedFile Look(FileInput input)
    {
        var probed = FormatProbe.Look(new(input.Path), _options, input.Command);
        var info = new FileInfo(input.Path);
        _names.Append(input.Path).Append('\n');
        _content.Append(CultureInfo.InvariantCulture, $"{input.Path} {info.Length} {info.LastWriteTimeUtc.Ticks}\n");
        return probed;
    }

    private async Task<ProbedFile> CopyAsync(FileInput input, CancellationToken cancellationToken)
    {
        var open = input.Open ?? (() => CompressedFile.OpenFile(new InputFile(input.Path) { Name = input.Name }));
        var (file, hash) = await Spool.ReadAsync(open, input.Name, cancellationToken).ConfigureAwait(false);
        _names.Append(CultureInfo.InvariantCulture, $"{input.Path} {hash}\n");   // other bytes make another input
        return FormatProbe.Look(file, _options, input.Command);
    }

    private async Task<ProbedFile> UnpackAsync(ProbedFile packed, CancellationToken cancellationToken)
    {
        var unpacked = await Spool.UnpackAsync(packed.File, cancellationToken).ConfigureAwait(false);
        return FormatProbe.Look(unpacked, _options, command: null);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
