using Dlt.Packages;
using Dlt.State;

namespace Dlt;

/// <summary>Opens the state of a pipeline for a run: the stored one, or a new one.</summary>
/// <param name="pipeline">Name of the pipeline.</param>
/// <param name="destination">Destination that the pipeline loads to.</param>
/// <param name="dataset">Dataset that the pipeline loads into.</param>
/// <param name="runFolder">Working directory of the program, which a new state records.</param>
/// <param name="warn">Receives the warning of a state that is reset.</param>
internal sealed class StateOpener(string pipeline, Destination destination, string dataset, string runFolder, Action<string> warn)
{
    /// <summary>True: the pipeline runs in dev_mode, which keeps no state of other runs.</summary>
    public bool IsDevMode { get; init; }

    /// <summary>Opens the state for a run.</summary>
    /// <exception cref="DltException">The stored state is torn.</exception>
    public PipelineState Open(WorkingFolder folder)
    {
        var state = folder.LoadState()?.Migrated();
        if (!IsDevMode && state is { Local.IsDevMode: true })
        {
            warn($"Pipeline '{pipeline}' last ran in dev_mode. Its local state and schemas were reset; the dataset of that run stays.");
            folder.DeleteSchemas();
            state = null;
        }

        return state is null ? New() : Of(state);
    }

    /// <summary>Opens the state for a synchronisation, which replaces it. So it may be torn, unless packages need it.</summary>
    public PipelineState OpenToReplace(WorkingFolder folder)
    {
        try
        {
            return Open(folder);
        }
        catch (DltException) when (!folder.HasPending)
        {
            return New();
        }
    }

    private PipelineState New() => Of(PipelineState.New(runFolder, pipeline, IsDevMode).Bumped());

    private PipelineState Of(PipelineState state) =>
        state.WithDestination(dataset, destination.Type, destination.StagingType).WithSchemas();
}
