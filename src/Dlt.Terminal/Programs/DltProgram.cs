using System.Runtime.InteropServices;
using Dlt.Internal;

namespace Dlt;

/// <summary>
/// Runs a pipeline program: Ctrl-C or SIGTERM stops it; an error is printed as its message and sets an exit code other than 0.
/// </summary>
public static class DltProgram
{
    /// <summary>Exit code of a failed run.</summary>
    public const int Failed = 1;

    /// <summary>Exit code of a run that Ctrl-C stopped.</summary>
    public const int Stopped = 130;

    private const string WaitWord = "--wait";

    /// <summary>Exit code of a run that SIGTERM stopped: 128 plus the number of the signal.</summary>
    private const int Terminated = 143;

    /// <summary>
    /// Time to stop in. Code of a source, such as a call without a token, may not stop when asked; it is abandoned, because all results are
    /// on disk.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Runs the program. An argument that is not known is an error, and nothing is run; <c>--help</c> prints the arguments.
    /// </summary>
    /// <param name="args">
    /// Arguments: <c>--local</c>, <c>--offline &lt;folder&gt;</c>, <c>--quiet</c> (or <c>-q</c>), <c>--debug</c> (prints the whole error),
    /// <c>--plan</c> (prints what the first run would do, from at most <c>--limit &lt;pages&gt;</c> of each resource, and ends),
    /// <c>--wait</c> (<c>pipelines.wait_for_lease</c> of this run),
    /// <c>--interval-start &lt;time&gt;</c> and <c>--interval-end &lt;time&gt;</c> (the interval that cursors load),
    /// <c>--log-level &lt;level&gt;</c> (<c>runtime.log_level</c> of this run), <c>--help</c>, and those of <paramref name="options"/>.
    /// </param>
    /// <param name="run">The program; its token is cancelled to stop it.</param>
    /// <param name="options">Further arguments, which the program reads from <paramref name="args"/>.</param>
    /// <returns>
    /// The exit code: 0, <see cref="Failed"/>, <see cref="Stopped"/>, or 143 after SIGTERM. A plan of a run that would stop is
    /// <see cref="Failed"/>.
    /// </returns>
    public static Task<int> RunAsync(string[] args, Func<CancellationToken, Task> run, params IEnumerable<ProgramOption> options) =>
        RunAsync(args, run, TimeProvider.System, options);

    internal static async Task<int> RunAsync(
        string[] args, Func<CancellationToken, Task> run, TimeProvider time, IEnumerable<ProgramOption> options)
    {
        var arguments = new ProgramArguments([.. options]);
        if (ProgramArguments.WantsHelp(args))
        {
            Console.Out.Write(arguments.Help());
            return 0;
        }

        var log = ProgramLog.Begin();
        using var stop = new CancellationTokenSource();
        var stopped = Stopped;
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            if (stop.IsCancellationRequested) return;   // the second signal ends the process
            signal.Cancel = true;
            stopped = Terminated;
            stop.Cancel();
        });
        ConsoleCancelEventHandler interrupted = (_, pressed) =>
        {
            if (stop.IsCancellationRequested) return;   // the second Ctrl-C ends the process
            pressed.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += interrupted;
        PlanArguments? plan = null;
        try
        {
            arguments.Check(args);
            if (!arguments.IsOwn(LogLevelArgument.Word)) log.Level = LogLevelArgument.Read(args);
            if (!arguments.IsOwn(IntervalArguments.StartWord)) ProgramInterval.Current = IntervalArguments.Read(args);
            ProgramWait.IsAsked = !arguments.IsOwn(WaitWord) && args.Contains(WaitWord);
            plan = PlanArguments.Begin(args, arguments);
            await EndAsync(Task.Run(() => run(stop.Token), CancellationToken.None), stop.Token, time).ConfigureAwait(false);
            return plan is null ? 0 : EndPlan(plan);
        }
        catch (ProgramPlannedException) when (plan is not null)
        {
            return EndPlan(plan);
        }
        catch (OperationCanceledException error) when (stop.IsCancellationRequested)
        {
            var text = "Stopped. " + (error is PipelineStoppedException
                ? error.Message
                : "The next run first loads the pending packages; nothing else was kept.");
            if (!log.TryWriteEnd(error, text, isStop: true)) Print(text);
            return stopped;
        }
        catch (Exception error)
        {
            var isDebug = args.Contains("--debug");
            var message = isDebug ? error.ToString() : MessageOf(error);
            if (!log.TryWriteEnd(error, message, isWhole: isDebug)) Print(isDebug ? message : "Error: " + message);
            return Failed;
        }
        finally
        {
            Console.CancelKeyPress -= interrupted;
        }
    }

    private static int EndPlan(PlanArguments plan)
    {
        if (plan.Remark is { } remark) Print(remark);
        return plan.ExitCode;
    }

    /// <summary>Waits for the program, but only for <see cref="Grace"/> once it is asked to stop.</summary>
    private static async Task EndAsync(Task running, CancellationToken stop, TimeProvider time)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.UnsafeRegister(state => ((TaskCompletionSource)state!).TrySetResult(), asked))
            await Task.WhenAny(running, asked.Task).ConfigureAwait(false);
        if (!running.IsCompleted) await Task.WhenAny(running, Task.Delay(Grace, time, CancellationToken.None)).ConfigureAwait(false);
        if (running.IsCompleted) await running.ConfigureAwait(false);
        else throw new OperationCanceledException("The program did not stop in time.", stop);
    }

    /// <summary>The message of an error, in one line that a user can act on.</summary>
    internal static string MessageOf(Exception error) => error switch
    {
        AggregateException { InnerException: { } inner } => MessageOf(inner),
        DltException => error.Message,
        IOException { HResult: DiskFullHResult or DiskFullUnix } =>
            $"The disk is full: {error.Message} Nothing half-written is visible; free space and run again.",
        IOException or UnauthorizedAccessException => $"{error.Message} The next run completes the work that was begun.",
        ArgumentException { ParamName: not null } => $"{Failure.Cause(error)} (run with --debug for the whole error)",
        _ => $"{error.GetType().Name}: {error.Message} (run with --debug for the whole error)",
    };

    private const int DiskFullHResult = unchecked((int)0x80070070);
    private const int DiskFullUnix = 28;

    private static void Print(string text)
    {
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 })
        {
            Console.Error.WriteLine(text);
            return;
        }

        Console.ForegroundColor = ConsoleColor.Red;
        Console.Error.WriteLine(text);
        Console.ResetColor();
    }
}
