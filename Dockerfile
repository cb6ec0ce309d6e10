# The images of DoSnapshotPlatform. Each is a target of its own:
#
#   docker build --target do-snapshot -t do-snapshot .
#
# What is restored depends on the project files alone, so that a change of the sources does not fetch a package again.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS restored
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY contracts/DoSnapshot.Contracts.csproj contracts/
COPY platform/DigitalOcean/DoSnapshot.DigitalOcean.csproj platform/DigitalOcean/
COPY platform/EventLog/DoSnapshot.EventLog.csproj platform/EventLog/
COPY platform/Hosting/DoSnapshot.Hosting.csproj platform/Hosting/
COPY platform/Lifecycle/DoSnapshot.Lifecycle.csproj platform/Lifecycle/
COPY platform/LocalServers/DoSnapshot.LocalServers.csproj platform/LocalServers/
COPY platform/Retention/DoSnapshot.Retention.csproj platform/Retention/
COPY services/Cli/DoSnapshot.Cli.csproj services/Cli/
COPY services/Planner/DoSnapshot.Planner.csproj services/Planner/
COPY services/PrunerWorker/DoSnapshot.PrunerWorker.csproj services/PrunerWorker/
COPY services/Sandbox/DoSnapshot.Sandbox.csproj services/Sandbox/
COPY services/SnapshotWorker/DoSnapshot.SnapshotWorker.csproj services/SnapshotWorker/
COPY services/TransferWorker/DoSnapshot.TransferWorker.csproj services/TransferWorker/
RUN dotnet restore services/Cli --use-current-runtime -p:PublishReadyToRun=true

FROM restored AS sources
COPY contracts contracts
COPY platform platform
COPY services services

# Compiled ahead for the machine: cron starts the command anew each time.
FROM sources AS do-snapshot-published
RUN dotnet publish services/Cli -c Release --no-restore --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o /app

# The command that takes do-snapshot.py's options. It needs no volume, no writable file system, no home and no user of its own.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS do-snapshot
# Diagnostics would want to write to /tmp.
ENV DOTNET_EnableDiagnostics=0
COPY --from=do-snapshot-published /app /app
USER 10500:10500
ENTRYPOINT ["dotnet", "/app/do-snapshot.dll"]
