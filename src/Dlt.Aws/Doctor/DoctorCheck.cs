namespace Dlt.Aws;

/// <summary>One check of an account.</summary>
/// <param name="name">What is checked.</param>
internal abstract class DoctorCheck(string name)
{
    /// <summary>What is checked, such as <c>bucket</c>.</summary>
    public string Name => name;

    /// <summary>Runs the check. Any error is its result: failed, with the message of the error.</summary>
    public async Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await CheckAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error)
        {
            return Failed(error.Message);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"The check broke off: {error.GetType().Name}: {error.Message}");
        }
    }

    protected abstract Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken);

    protected CheckResult Ok(string message) => Result(CheckState.Ok, message);

    protected CheckResult Warning(string message) => Result(CheckState.Warning, message);

    protected CheckResult Failed(string message) => Result(CheckState.Failed, message);

    private CheckResult Result(CheckState state, string message) => new(name, state, message);
}
