using Dlt.Internal;
using Dlt.Packages;

namespace Dlt.Tracing;

/// <summary>
/// Reads and writes <c>trace.json</c>. The working folder has the trace of the last run, and each package that of the last run that made or
/// loaded it. Only .NET writes the file. No run reads it, so it is not flushed to disk.
/// </summary>
/// <param name="working">The working folder.</param>
internal sealed class TraceFile(WorkingFolder working)
{
    private const string Name = "trace.json";
    private const string Remedy = "The next run writes it again; nothing else depends on it.";

    /// <summary>Returns true when a folder has a trace.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, Name));

    /// <summary>
    /// Writes the trace of a run into the working folder and into the packages that it names. The trace of a failed run is also written
    /// into the pending packages.
    /// </summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(PipelineTrace trace)
    {
        var json = JsonText.WriteUtf8(PipelineTraceJson.Write(trace), pretty: true);
        var named = trace.Steps.SelectMany(s => s.Outcome?.Packages ?? []).Select(p => p.LoadId).Distinct();
        string[] places = [working.Loaded, working.Normalized, working.Extracted];
        var packages = named.SelectMany(id => places.Select(place => Path.Combine(place, id)));
        if (trace.HasFailed) packages = packages.Concat(working.Pending.Select(p => p.Folder));
        foreach (var folder in packages.Prepend(working.Path).Distinct().Where(Directory.Exists))
        {
            var temporary = Path.Combine(folder, "." + Name);
            File.WriteAllBytes(temporary, json);
            File.Move(temporary, Path.Combine(folder, Name), overwrite: true);
        }
    }

    /// <summary>Writes the trace of a run, or warns when a file cannot be written.</summary>
    public void WriteOrWarn(PipelineTrace trace, Action<string> warn)
    {
        try
        {
            Write(trace);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            warn($"The trace of this run could not be written: {failure.Message} Nothing else depends on it.");
        }
    }

    /// <summary>Reads the trace of a folder.</summary>
    /// <param name="folder">The working folder, or a package.</param>
    /// <returns>The trace; null when the folder has none.</returns>
    /// <exception cref="DltException">The file is torn, or is not a trace of this version.</exception>
    public static PipelineTrace? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return null;
        var json = AtomicFile.ReadJson(path, Remedy);
        try
        {
            return PipelineTraceJson.Read(json);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            throw new DltException($"{path} is not a trace: {Failure.Sentence(error)} Nothing was changed. {Remedy}", error);
        }
        catch (DltException error)
        {
            throw new DltException($"{path} cannot be read. {error.Message} {Remedy}", error);
        }
    }
}
